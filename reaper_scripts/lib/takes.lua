-- Takes with a MIDI source of their own. `AddTakeToMediaItem` alone gives a take without any source.

local provenance = require("lib.provenance")
local selection = require("lib.selection")

local takes = {}

local DELETE_ACTIVE = 40129 -- Take: Delete active take from items
local BEATS = 1 -- timebase: position, length, rate follow the tempo map

local function fill(take, packed)
  if not reaper.MIDI_SetAllEvts(take, packed) then error("REAPER took no events", 0) end
  reaper.MIDI_Sort(take)
end

local function name(take, words) reaper.GetSetMediaItemTakeInfo_String(take, "P_NAME", words, true) end

--- A further take of an item. It starts where the item starts and plays at its own speed.
function takes.add(item, ready)
  local take = reaper.AddTakeToMediaItem(item)
  if ready.packed then
    reaper.SetMediaItemTake_Source(take, reaper.PCM_Source_CreateFromType("MIDI"))
    fill(take, ready.packed)
  end
  name(take, ready.name)
  return take
end

--- A further take of an item that stands, made the active one; marked as ours, the item itself stays whose it is.
function takes.further(item, ready, job)
  local take = takes.add(item, ready)
  reaper.SetActiveTake(take)
  provenance.mark_take(take, job, ready)
end

--- Removes a take. REAPER has no function for it, only an action on what is selected.
function takes.drop(item, take)
  local handle = reaper.GetItemProjectContext(item)
  reaper.SetActiveTake(take)
  selection.with_only(handle, { item }, function() reaper.Main_OnCommandEx(DELETE_ACTIVE, 0, handle) end)
end

--- New notes for a take, in a new source that starts with the item. Returns the source it had, which REAPER leaves to us.
function takes.renew(take, ready)
  local old = reaper.GetMediaItemTake_Source(take)
  reaper.SetMediaItemTake_Source(take, reaper.PCM_Source_CreateFromType("MIDI"))
  reaper.SetMediaItemTakeInfo_Value(take, "D_STARTOFFS", 0)
  reaper.SetMediaItemTakeInfo_Value(take, "D_PLAYRATE", 1)
  fill(take, ready.packed)
  name(take, ready.name)
  return old
end

local function new_midi(track, from_qn, to_qn, ready)
  local item = reaper.CreateNewMIDIItemInProj(track, from_qn, to_qn, true)
  local take = reaper.GetActiveTake(item)
  fill(take, ready.packed)
  name(take, ready.name)
  return item
end

-- An item without music: REAPER shows its notes as its words.
local function new_words(handle, track, from_qn, to_qn, words)
  local item = reaper.AddMediaItemToTrack(track)
  local from, to = reaper.TimeMap2_QNToTime(handle, from_qn), reaper.TimeMap2_QNToTime(handle, to_qn)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", from)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", to - from)
  reaper.GetSetMediaItemInfo_String(item, "P_NOTES", words, true)
  return item
end

--- A new item with its takes, marked as ours.
function takes.item(handle, track, wish, job)
  local first = wish.takes[1]
  local item
  if first.packed then
    item = new_midi(track, wish.from_qn, wish.to_qn, first)
  else
    item = new_words(handle, track, wish.from_qn, wish.to_qn, first.name)
  end
  reaper.SetMediaItemInfo_Value(item, "C_BEATATTACHMODE", BEATS)
  reaper.SetMediaItemInfo_Value(item, "B_LOOPSRC", 0)
  for number = 2, #wish.takes do takes.add(item, wish.takes[number]) end
  for number = 1, reaper.CountTakes(item) do
    provenance.mark_take(reaper.GetMediaItemTake(item, number - 1), job, wish.takes[number])
  end
  if #wish.takes > 1 then reaper.SetActiveTake(reaper.GetMediaItemTake(item, wish.active)) end
  provenance.mark(item, job)
  return item
end

return takes
