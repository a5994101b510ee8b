-- New tracks: where they go, their folder, name, colour, role and sound.

local instruments = require("lib.instruments")

local tracks = {}

local ROLE, FOLDER = "P_EXT:partimento.role", "P_EXT:partimento.folder"

local function number_of(track) return math.tointeger(reaper.GetMediaTrackInfo_Value(track, "IP_TRACKNUMBER")) end

local function depth(track) return math.tointeger(reaper.GetMediaTrackInfo_Value(track, "I_FOLDERDEPTH")) end

local function set_depth(track, value) reaper.SetMediaTrackInfo_Value(track, "I_FOLDERDEPTH", value) end

local function native(colour)
  local red, green, blue = colour:match("^#(%x%x)(%x%x)(%x%x)$")
  if not red then return nil end
  return reaper.ColorToNative(tonumber(red, 16), tonumber(green, 16), tonumber(blue, 16)) | 0x1000000
end

tracks.native_colour = native

local function new(handle, at, name)
  reaper.InsertTrackAtIndex(at, false)
  local track = reaper.GetTrack(handle, at)
  reaper.GetSetMediaTrackInfo_String(track, "P_NAME", name, true)
  return track
end

-- A folder of ours of that name, unless the musician has made it something else.
local function own_folder(handle, name)
  for i = 0, reaper.CountTracks(handle) - 1 do
    local track = reaper.GetTrack(handle, i)
    local _, mark = reaper.GetSetMediaTrackInfo_String(track, FOLDER, "", false)
    if mark == name and depth(track) == 1 then return track end
  end
end

-- The last track inside a folder (the folder itself when it is empty), and how deep that track lies in it.
local function last_inside(handle, folder)
  local open = 0
  for i = number_of(folder) - 1, reaper.CountTracks(handle) - 1 do
    local track = reaper.GetTrack(handle, i)
    local before = open
    open = open + depth(track)
    if open <= 0 or i == reaper.CountTracks(handle) - 1 then return track, before end
  end
end

-- The index behind a track and, when it is a folder, behind everything in it.
local function behind(handle, track)
  if depth(track) == 1 then track = last_inside(handle, track) end
  return number_of(track)
end

-- A folder with its first track.
local function new_folder(handle, folder_name, at, name)
  local folder = new(handle, at, folder_name)
  reaper.GetSetMediaTrackInfo_String(folder, FOLDER, folder_name, true)
  local track = new(handle, at + 1, name)
  set_depth(folder, 1)
  set_depth(track, -1)
  return track
end

-- A track at the end of a folder. The folders that ended with the last track there, ours and those around it, end with
-- the new one; those inside ours still end where they did.
local function inside(handle, folder, name)
  local last, level = last_inside(handle, folder)
  local ends = depth(last)
  local track = new(handle, number_of(last), name)
  set_depth(last, 1 - level)
  set_depth(track, ends + level - 1)
  return track
end

-- Below `above`; without it at the end, and chords on top, where they are read.
local function placed(handle, wish, above)
  local otherwise = wish.role == "chords" and 0 or reaper.CountTracks(handle)
  local at = above and behind(handle, above) or otherwise
  if not wish.folder then return new(handle, at, wish.name) end
  local folder = own_folder(handle, wish.folder)
  if folder then return inside(handle, folder, wish.name) end
  return new_folder(handle, wish.folder, at, wish.name)
end

--- A new track as a result wishes it, below `above`. Says, too, whether it has the sound it needs.
function tracks.add(handle, wish, above)
  local track = placed(handle, wish, above)
  local colour = wish.colour and native(wish.colour)
  if colour then reaper.SetMediaTrackInfo_Value(track, "I_CUSTOMCOLOR", colour) end
  if wish.role then reaper.GetSetMediaTrackInfo_String(track, ROLE, wish.role, true) end
  return track, not wish.sounds or instruments.put(track, wish.role)
end

return tracks
