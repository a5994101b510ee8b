-- The selection, borrowed for an action of REAPER's that works on it, and put back.

local selection = {}

--- Selects these items alone, does `work`, and selects again what was selected and is still there.
function selection.with_only(handle, items, work)
  local before = {}
  for i = 0, reaper.CountSelectedMediaItems(handle) - 1 do before[i + 1] = reaper.GetSelectedMediaItem(handle, i) end
  reaper.SelectAllMediaItems(handle, false)
  for _, item in ipairs(items) do reaper.SetMediaItemSelected(item, true) end
  work()
  reaper.SelectAllMediaItems(handle, false)
  for _, item in ipairs(before) do
    if reaper.ValidatePtr2(handle, item, "MediaItem*") then reaper.SetMediaItemSelected(item, true) end
  end
end

return selection
