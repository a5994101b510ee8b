-- Takes of what we wrote: step through them, keep one, or send them away.

local action = require("lib.action")
local faults = require("lib.faults")
local messages = require("lib.messages")
local project = require("lib.project")
local provenance = require("lib.provenance")
local read_items = require("lib.read_items")
local selection = require("lib.selection")
local steps = require("lib.steps")
local takes = require("lib.takes")
local undo = require("lib.undo")

local choose_takes = {}

local CROP_TO_ACTIVE = 40131 -- Take: Crop to active take in items

local function selected(handle, wanted)
  local items = {}
  for i = 0, reaper.CountSelectedMediaItems(handle) - 1 do
    local item = reaper.GetSelectedMediaItem(handle, i)
    if wanted(item) then
      if read_items.is_locked(item) then faults.raise(messages.pair("locked", read_items.track_name(item))) end
      items[#items + 1] = item
    end
  end
  return items
end

local function has_several(item) return reaper.CountTakes(item) > 1 end

local function is_own_take(item)
  local take = reaper.GetActiveTake(item)
  return take ~= nil and provenance.take_job(take) ~= nil
end

local function is_ours(item) return provenance.job(item) ~= nil or is_own_take(item) end

local function change(handle, label, items, work)
  undo.point(handle, label, function()
    for _, item in ipairs(items) do work(item) end
  end)
end

--- Makes the next (1) or previous (-1) take of the selected items the active one.
function choose_takes.step(by)
  action.run(function()
    local handle = project.front()
    local items = selected(handle, has_several)
    if #items == 0 then faults.raise(messages.pair("select_takes")) end
    change(handle, by > 0 and "Next take" or "Previous take", items, function(item)
      local number = math.tointeger(reaper.GetMediaItemInfo_Value(item, "I_CURTAKE"))
      local take = reaper.GetMediaItemTake(item, (number + by) % reaper.CountTakes(item))
      if take then reaper.SetActiveTake(take) end
    end)
    messages.whisper(reaper.GetTakeName(reaper.GetActiveTake(items[1])))
  end)
end

-- The takes of an item for which `wanted` holds.
local function takes_of(item, wanted)
  local found = {}
  for i = 0, reaper.CountTakes(item) - 1 do
    local take = reaper.GetMediaItemTake(item, i)
    if take and wanted(take) then found[#found + 1] = take end
  end
  return found
end

-- Removes takes; what plays goes on playing.
local function drop_all(item, list, active)
  for _, take in ipairs(list) do takes.drop(item, take) end
  if active then reaper.SetActiveTake(active) end
end

-- What *Accept* removes beside what plays: takes of ours that nobody has touched. The musician's own and those that they
-- have edited are not ours to remove.
local function spare(item, pause)
  local active, kept = reaper.GetActiveTake(item), 0
  local goes = takes_of(item, function(take)
    if take == active then return false end
    local is_spare = provenance.take_job(take) ~= nil and provenance.is_take_untouched(take, pause)
    if not is_spare then kept = kept + 1 end
    return is_spare
  end)
  return { item = item, active = active, goes = goes, kept = kept }
end

-- Looks at every take, over ticks; while nobody changes the project.
local function spares(handle, items)
  local before, found = reaper.GetProjectStateChangeCount(handle), {}
  local pause = steps.pausing(function()
    local there = reaper.ValidatePtr2(handle, handle, "ReaProject*")
    if not there or reaper.GetProjectStateChangeCount(handle) ~= before then
      faults.raise(messages.pair("keeps_changing"))
    end
  end)
  for i, item in ipairs(items) do
    found[i] = spare(item, pause)
    pause()
  end
  return found
end

--- Keeps the active takes of the selected items and lets the others of ours go.
function choose_takes.accept()
  action.run(function()
    local handle = project.front()
    local items = selected(handle, function(item) return has_several(item) and is_ours(item) end)
    if #items == 0 then faults.raise(messages.pair("select_items")) end
    local kept, whole, found = 0, {}, spares(handle, items)
    for _, one in ipairs(found) do
      kept = kept + one.kept
      if one.kept == 0 then whole[#whole + 1] = one.item end
    end
    undo.point(handle, "Accept takes", function()
      for _, one in ipairs(found) do
        if one.kept > 0 then drop_all(one.item, one.goes, one.active) end
      end
      if #whole == 0 then return end
      selection.with_only(handle, whole, function() reaper.Main_OnCommandEx(CROP_TO_ACTIVE, 0, handle) end)
    end)
    if kept == 1 then messages.whisper("1 take of yours stays beside it") end
    if kept > 1 then messages.whisper(kept .. " takes of yours stay beside them") end
  end)
end

local function is_own(take) return provenance.take_job(take) ~= nil end

-- An item that holds a take of the musician's loses only ours.
local function send_away(item)
  local ours, all = takes_of(item, is_own), reaper.CountTakes(item)
  if provenance.job(item) and #ours == all then
    reaper.DeleteTrackMediaItem(reaper.GetMediaItem_Track(item), item)
  elseif provenance.job(item) then
    drop_all(item, ours)
  else
    takes.drop(item, reaper.GetActiveTake(item))
  end
end

--- Sends away what is selected of ours: whole items that we made, our take of an item of the musician's. With nothing
--- of ours selected, the result that was written last goes as a whole, while nothing else has been done since.
function choose_takes.reject()
  action.run(function()
    local handle = project.front()
    local items = selected(handle, is_ours)
    if #items > 0 then
      change(handle, "Reject takes", items, send_away)
      return
    end
    local label = project.get(handle, "written.label")
    if label == "" or reaper.Undo_CanUndo2(handle) ~= label then faults.raise(messages.pair("select_items")) end
    reaper.Undo_DoUndo2(handle)
  end)
end

return choose_takes
