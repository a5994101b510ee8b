-- One undo point for what succeeds, none for what fails: what was done is taken back inside the block.

local undo = {}

local ALL = -1

--- Runs `work(back)` in one block under `label`. `back(step)` notes how to take a step back.
--- Returns true, or false and what went wrong, when everything has been taken back.
function undo.block(handle, label, work)
  local stack = {}
  local function back(step) stack[#stack + 1] = step end
  reaper.Undo_BeginBlock2(handle)
  reaper.PreventUIRefresh(1)
  local ok, problem = xpcall(work, function(what)
    return type(what) == "string" and debug.traceback(what, 2) or what
  end, back)
  local stuck
  if not ok then
    for i = #stack, 1, -1 do
      local took, why = pcall(stack[i])
      if not took then stuck = why end
    end
  end
  reaper.PreventUIRefresh(-1)
  -- A step that could not be taken back must stay undoable by hand.
  if ok or stuck then
    reaper.Undo_EndBlock2(handle, label, ALL)
  else
    reaper.Undo_EndBlock2(handle, "", 0)
  end
  reaper.UpdateArrange()
  return ok, problem
end

return undo
