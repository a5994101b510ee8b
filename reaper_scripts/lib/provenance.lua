-- What we wrote carries a mark: which job, for which item or take, what it sounded like, and where its music came from.
--
-- Everything about a take stands on the take, so that it stays true when others come, go or change places.

local events = require("lib.events")
local json = require("lib.json")
local read_items = require("lib.read_items")

local provenance = {}

local PREFIX = "P_EXT:partimento."

local function get(take, key)
  local ok, value = reaper.GetSetMediaItemTakeInfo_String(take, PREFIX .. key, "", false)
  return ok and value ~= "" and value or nil
end

local function item_mark(item, key)
  local ok, value = reaper.GetSetMediaItemInfo_String(item, PREFIX .. key, "", false)
  return ok and value ~= "" and value or nil
end

--- Marks an item as ours.
function provenance.mark(item, job)
  reaper.GetSetMediaItemInfo_String(item, PREFIX .. "job", job, true)
  reaper.GetSetMediaItemInfo_String(item, PREFIX .. "own", read_items.guid(item), true)
end

--- Marks a take as ours. One that holds edits of the musician's as well is `mixed`: it never counts as untouched.
function provenance.mark_take(take, job, ready)
  local function put(key, value) reaper.GetSetMediaItemTakeInfo_String(take, PREFIX .. key, value, true) end
  put("job", job)
  put("own", read_items.take_guid(take))
  put("hash", ready.is_mixed and "mixed" or ready.hash or "")
  for key, value in pairs(ready.provenance or {}) do put(key, type(value) == "string" and value or json.encode(value)) end
end

--- The job that wrote a take, or nil. A copy carries the mark of its original and is foreign.
function provenance.take_job(take)
  return get(take, "own") == read_items.take_guid(take) and get(take, "job") or nil
end

--- The job that wrote an item, or nil. A copy is foreign here, too.
function provenance.job(item) return item_mark(item, "own") == read_items.guid(item) and item_mark(item, "job") or nil end

--- Whether the musician has left the notes of a take of ours as they were written. `pause` is called now and then.
function provenance.is_take_untouched(take, pause)
  if not reaper.TakeIsMIDI(take) then return false end
  local _, packed = reaper.MIDI_GetAllEvts(take)
  return get(take, "hash") == events.hash(events.unpack(packed, pause), pause)
end

--- The same of what an item of ours plays.
function provenance.is_untouched(item, pause)
  local take = reaper.GetActiveTake(item)
  return take ~= nil and provenance.is_take_untouched(take, pause)
end

--- Whether what an item of ours plays sounds as a take that is ready to be written.
function provenance.sounds_like(item, ready)
  local take = reaper.GetActiveTake(item)
  return take ~= nil and get(take, "hash") == ready.hash
end

return provenance
