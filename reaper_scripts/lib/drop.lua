-- Where a mouse that lets go of a clip points to: a track and a place in time.

local drop = {}

local SNAP_IS_ON = 1157

local function under(x, y)
  if reaper.APIExists("GetThingFromPoint") then
    local track, what = reaper.GetThingFromPoint(x, y)
    return track, what:find("^arrange") ~= nil or what:find("^tcp") ~= nil
  end
  local track, what = reaper.GetTrackFromPoint(x, y)
  return track, track ~= nil and what == 0
end

--- The track (nil: below the last one) and the place in quarter notes; nothing when the mouse is elsewhere.
function drop.target(handle)
  local x, y = reaper.GetMousePosition()
  local track, inside = under(x, y)
  if not inside then return nil end
  local time = reaper.GetSet_ArrangeView2(handle, false, x, x + 1)
  if reaper.GetToggleCommandState(SNAP_IS_ON) == 1 then time = reaper.SnapToGrid(handle, time) end
  return { track = track, qn = reaper.TimeMap2_timeToQN(handle, math.max(0.0, time)) }
end

return drop
