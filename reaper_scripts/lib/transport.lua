-- While the improviser plays: what REAPER's transport does, told through the mailbox where no OSC surface tells it.

local json = require("lib.json")
local mailbox = require("lib.mailbox")

local transport = {}

local PLAYING, PAUSED, RECORDING = 1, 2, 4
local NEAR_QN = 0.01 -- short enough that a ramp is a straight line

local told

local function qpm_at(handle, time)
  local qn = reaper.TimeMap2_timeToQN(handle, time)
  local after, before = reaper.TimeMap2_QNToTime(handle, qn + NEAR_QN), reaper.TimeMap2_QNToTime(handle, qn)
  return NEAR_QN * 60 / (after - before)
end

local function facts(handle)
  local state = reaper.GetPlayStateEx(handle)
  local playing = state & PLAYING ~= 0
  local position = playing and reaper.GetPlayPositionEx(handle) or reaper.GetCursorPositionEx(handle)
  local from, to = reaper.GetSet_LoopTimeRange2(handle, false, true, 0.0, 0.0, false)
  return {
    playing = playing,
    paused = state & PAUSED ~= 0,
    recording = state & RECORDING ~= 0,
    ["repeat"] = reaper.GetSetRepeatEx(handle, -1) == 1,
    qpm = math.floor(qpm_at(handle, position) * 1000 + 0.5) / 1000,
    position = position,
    loop_start = from,
    loop_end = to,
  }
end

--- Tells the bridge, when something has changed and OSC does not say it already.
function transport.tell(handle, said)
  local heard = said and json.given(said.transport)
  if not said or (heard and json.given(heard.beat)) then return end
  local now = facts(handle)
  local text = json.encode(now)
  if text == told then return end
  -- A disk that is full is no reason to disturb a player; what could not be said is said with the next look.
  if pcall(mailbox.control, "transport", now, true) then told = text end
end

return transport
