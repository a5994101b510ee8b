-- A clip of the history put into the project: at the cursor, or where the mouse let go of it.

local action = require("lib.action")
local clip_list = require("lib.clip_list")
local clips = require("lib.clips")
local faults = require("lib.faults")
local messages = require("lib.messages")
local project = require("lib.project")
local steps = require("lib.steps")
local takes = require("lib.takes")
local tracks = require("lib.tracks")
local undo = require("lib.undo")

local insert = {}

local BEAT = 960

local function check(handle, track)
  if not reaper.ValidatePtr2(handle, track, "MediaTrack*") then faults.raise(messages.pair("target_gone", "a track")) end
  if reaper.GetMediaTrackInfo_Value(track, "I_FREEZECOUNT") > 0 then
    local _, name = reaper.GetTrackName(track)
    faults.raise(messages.pair("frozen", name))
  end
end

local function new_track(handle, clip)
  local track, sounds = tracks.add(handle, { name = clip.name, role = clip.role, sounds = true })
  if not sounds then messages.whisper("no instrument was found for " .. clip.name) end
  return track
end

--- Writes a clip onto a track (nil: a new one at the end, with a sound) from a place in quarter notes on. Made ready over
--- ticks; the track is looked at again just before.
function insert.at(handle, clip, track, qn)
  local list, length = clips.events(clip.job, clip.file, steps.pausing())
  length = math.max(BEAT, math.ceil(length / BEAT) * BEAT) -- so that the item ends on a beat
  local ready = clips.made(clip.name, list, length, nil, steps.pausing())
  if track then check(handle, track) end
  undo.point(handle, "Insert clip " .. clip.name, function()
    local wish = { from_qn = qn, to_qn = qn + length / BEAT, takes = { ready }, active = 0 }
    takes.item(handle, track or new_track(handle, clip), wish, clip.job)
  end)
end

--- Writes it at the edit cursor onto the first selected track; without one, onto a new track, as a drag below the last does.
function insert.at_cursor(clip)
  local handle = project.front()
  local qn = reaper.TimeMap2_timeToQN(handle, reaper.GetCursorPositionEx(handle))
  insert.at(handle, clip, reaper.GetSelectedTrack(handle, 0), qn)
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
