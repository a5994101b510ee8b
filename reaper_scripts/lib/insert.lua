-- A clip of the history put into the project: at the cursor, or where the mouse let go of it.

local action = require("lib.action")
local clip_list = require("lib.clip_list")
local clips = require("lib.clips")
local events = require("lib.events")
local faults = require("lib.faults")
local messages = require("lib.messages")
local project = require("lib.project")
local takes = require("lib.takes")
local undo = require("lib.undo")

local insert = {}

local BEAT = 960

-- A clip's length in whole quarters, so that the item ends on a beat.
local function length_of(list)
  local last = 0
  for _, event in ipairs(list) do last = math.max(last, event[1]) end
  return math.max(BEAT, math.ceil(last / BEAT) * BEAT)
end

--- Writes a clip onto a track (nil: a new one at the end) from a place in quarter notes on.
function insert.at(handle, clip, track, qn)
  local list = clips.events(clip.job, clip.file)
  local length = length_of(list)
  if track and reaper.GetMediaTrackInfo_Value(track, "I_FREEZECOUNT") > 0 then
    local _, name = reaper.GetTrackName(track)
    faults.raise(messages.pair("frozen", name))
  end
  local ready = { name = clip.name, packed = events.pack(list, length), hash = events.hash(list) }
  local ok, problem = undo.block(handle, "Insert clip " .. clip.name, function()
    if not track then
      local count = reaper.CountTracks(handle)
      reaper.InsertTrackAtIndex(count, true)
      track = reaper.GetTrack(handle, count)
    end
    takes.item(handle, track, { from_qn = qn, to_qn = qn + length / BEAT, takes = { ready }, active = 0 }, clip.job)
  end)
  if not ok then error(problem, 0) end
end

--- Writes it at the edit cursor onto the first selected track.
function insert.at_cursor(clip)
  local handle = project.front()
  local track = reaper.GetSelectedTrack(handle, 0)
  if not track then faults.raise(messages.pair("select_track")) end
  insert.at(handle, clip, track, reaper.TimeMap2_timeToQN(handle, reaper.GetCursorPositionEx(handle)))
end

--- The action: the clip that was chosen last in the panel.
function insert.run()
  action.run(function()
    local clip = clip_list.chosen()
    if not clip then faults.raise(messages.pair("no_clip")) end
    insert.at_cursor(clip)
  end)
end

return insert
