-- Whether the project may be written to right now: not while the musician records, nor while the mouse moves things.

local calm = {}

local RECORDING = 4
local BUTTONS = 1 | 2 | 64 -- left, right, middle
local STILL = 0.5 -- seconds the mouse rests before we write under it
local PATIENCE = 10.0 -- then we write all the same: REAPER itself bears it, and nobody waits for ever

local x, y, moved, since = nil, nil, -math.huge, nil

function calm.is_recording(handle) return reaper.GetPlayStateEx(handle) & RECORDING ~= 0 end

local function is_over_work()
  if not reaper.APIExists("GetThingFromPoint") then return true end
  local _, what = reaper.GetThingFromPoint(x, y)
  return what:find("^arrange") ~= nil or what:find("^tcp") ~= nil
end

--- Looks where the mouse is. Called in every tick in which a result may come.
function calm.watch()
  local new_x, new_y = reaper.GetMousePosition()
  if x and (new_x ~= x or new_y ~= y) then moved = reaper.time_precise() end
  x, y = new_x, new_y
end

-- Stock REAPER does not tell scripts whether a mouse button is down, so a mouse that moves over the arrangement counts; the
-- extension js_ReaScriptAPI tells.
local function is_dragging()
  if reaper.APIExists("JS_Mouse_GetState") then return reaper.JS_Mouse_GetState(BUTTONS) ~= 0 end
  local now = reaper.time_precise()
  if now - moved >= STILL or not is_over_work() then
    since = nil
    return false
  end
  since = since or now
  return now - since < PATIENCE
end

--- Whether a result may be written now.
function calm.may_write(handle) return not calm.is_recording(handle) and not is_dragging() end

return calm
