-- One undo point for what succeeds, none for what fails: REAPER itself takes back what was done until then.

local calm = require("lib.calm")
local faults = require("lib.faults")
local messages = require("lib.messages")

local undo = {}

local ALL = -1

-- Only REAPER's own undo puts everything back to the bit: GUIDs, sources, folders, the tempo map.
local function take_back(handle, label)
  local given_up = label .. " (given up)"
  reaper.Undo_EndBlock2(handle, given_up, ALL)
  if reaper.Undo_CanUndo2(handle) == given_up then reaper.Undo_DoUndo2(handle) end
end

--- Runs `work` in one block under `label`. Returns true, or false and what went wrong, when everything was taken back.
function undo.block(handle, label, work)
  reaper.Undo_BeginBlock2(handle)
  reaper.PreventUIRefresh(1)
  local ok, problem = xpcall(work, function(what)
    return type(what) == "string" and debug.traceback(what, 2) or what
  end)
  reaper.PreventUIRefresh(-1)
  if ok then
    reaper.Undo_EndBlock2(handle, label, ALL)
  else
    take_back(handle, label)
  end
  reaper.UpdateArrange()
  return ok, problem
end

--- The same for what the musician asks for by hand, which goes no further than a recording; what went wrong goes on to
--- The same for what the musician asks for by hand: never into a recording, and what went wrong goes on to whoever called.
function undo.point(handle, label, work)
  if calm.is_recording(handle) then faults.raise(messages.pair("recording")) end
  if calm.is_recording(handle) then faults.raise(messages.pair("recording")) end
  local ok, problem = undo.block(handle, label, work)
  if not ok then error(problem, 0) end
end

return undo
