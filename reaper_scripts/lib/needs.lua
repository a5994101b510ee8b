-- What must be selected before something is asked for; each says what to select when it is not.

local faults = require("lib.faults")
local messages = require("lib.messages")
local provenance = require("lib.provenance")
local read_time = require("lib.read_time")

local needs = {}

local function fail(key, ...) faults.raise(messages.pair(key, ...)) end

local function refuse_frozen(track)
  if reaper.GetMediaTrackInfo_Value(track, "I_FREEZECOUNT") > 0 then
    local _, name = reaper.GetTrackName(track)
    fail("frozen", name)
  end
end

-- Every item that is selected, one after the other; without any, every item of the selected tracks.
local function each_meant(handle)
  return coroutine.wrap(function()
    local count = reaper.CountSelectedMediaItems(handle)
    for i = 0, count - 1 do coroutine.yield(reaper.GetSelectedMediaItem(handle, i)) end
    for t = 0, count == 0 and reaper.CountSelectedTracks(handle) - 1 or -1 do
      local track = reaper.GetSelectedTrack(handle, t)
      for i = 0, reaper.GetTrackNumMediaItems(track) - 1 do coroutine.yield(reaper.GetTrackMediaItem(track, i)) end
    end
  end)
end

-- Looks no further than the first item with notes: thousands may be selected.
local function some_midi(handle, nothing)
  local items, takes = 0, 0
  for item in each_meant(handle) do
    refuse_frozen(reaper.GetMediaItem_Track(item))
    local take = reaper.GetActiveTake(item)
    if take and reaper.TakeIsMIDI(take) then return end
    items, takes = items + 1, takes + (take and 1 or 0)
  end
  fail(items == 0 and nothing or takes > 0 and "audio_melody" or "empty_melody")
end

--- Whether nothing is selected but what we wrote.
function needs.only_ours(handle)
  local items = reaper.CountSelectedMediaItems(handle)
  for i = 0, items - 1 do
    if not provenance.job(reaper.GetSelectedMediaItem(handle, i)) then return false end
  end
  for t = 0, items == 0 and reaper.CountSelectedTracks(handle) - 1 or -1 do
    local _, job =
      reaper.GetSetMediaTrackInfo_String(reaper.GetSelectedTrack(handle, t), "P_EXT:partimento.job", "", false)
    if job == "" then return false end
  end
  return true
end

function needs.melody(handle) some_midi(handle, "select_melody") end

function needs.music(handle) some_midi(handle, "select_music") end

--- A time selection on tracks.
function needs.hole(handle)
  if not read_time.selection(handle) then fail("select_time") end
  local count = reaper.CountSelectedTracks(handle)
  if count == 0 then fail("select_tracks") end
  for i = 0, count - 1 do refuse_frozen(reaper.GetSelectedTrack(handle, i)) end
end

--- The name of the region that the edit cursor is in.
function needs.region(handle)
  local _, index = reaper.GetLastMarkerAndCurRegion(handle, reaper.GetCursorPositionEx(handle))
  if index < 0 then fail("select_region") end
  local _, _, _, _, name = reaper.EnumProjectMarkers3(handle, index)
  return name
end

--- A melody that was read holds at least one note.
function needs.notes_in(request)
  local chosen = {}
  for _, guid in ipairs(request.selection.items) do chosen[guid] = true end
  for _, guid in ipairs(request.selection.tracks) do chosen[guid] = chosen[guid] or #request.selection.items == 0 end
  for _, track in ipairs(request.tracks) do
    for _, item in ipairs(track.items) do
      if (chosen[item.guid] or chosen[track.guid]) and item.events.text and item.events.text:find('"9') then return end
    end
  end
  fail("empty_melody")
end

return needs
