-- What we wrote carries a mark: which job, for which item, what it sounded like, and where its music came from.

local events = require("lib.events")
local json = require("lib.json")
local read_items = require("lib.read_items")

local provenance = {}

local PREFIX = "P_EXT:partimento."

local function get(item, key)
  local ok, value = reaper.GetSetMediaItemInfo_String(item, PREFIX .. key, "", false)
  return ok and value ~= "" and value or nil
end

local function set(item, key, value) reaper.GetSetMediaItemInfo_String(item, PREFIX .. key, value, true) end

--- Marks an item as ours. `takes` are `{number, provenance}`; `hash` is that of the active take's notes.
function provenance.mark(item, job, hash, takes)
  set(item, "job", job)
  set(item, "own", read_items.guid(item))
  if hash then set(item, "hash", hash) end
  for _, take in ipairs(takes) do
    for key, value in pairs(take.provenance or {}) do
      set(item, take.number .. "." .. key, type(value) == "string" and value or json.encode(value))
    end
  end
end

--- Marks a take as ours that was put into an item of the musician's.
function provenance.mark_take(take, job, ready)
  local function put(key, value) reaper.GetSetMediaItemTakeInfo_String(take, PREFIX .. key, value, true) end
  put("job", job)
  put("hash", ready.hash)
  for key, value in pairs(ready.provenance or {}) do put(key, type(value) == "string" and value or json.encode(value)) end
end

--- The job that wrote a take into an item of the musician's, or nil.
function provenance.take_job(take)
  local ok, value = reaper.GetSetMediaItemTakeInfo_String(take, PREFIX .. "job", "", false)
  return ok and value ~= "" and value or nil
end

--- The job that wrote an item, or nil. A copy carries the mark of its original and is foreign.
function provenance.job(item)
  local job = get(item, "job")
  if job and get(item, "own") == read_items.guid(item) then return job end
  return nil
end

--- Whether the musician has left an item of ours as it was written. `pause` is called now and then.
function provenance.is_untouched(item, pause)
  local take = reaper.GetActiveTake(item)
  if not take or not reaper.TakeIsMIDI(take) then return false end
  local _, packed = reaper.MIDI_GetAllEvts(take)
  return get(item, "hash") == events.hash(events.unpack(packed, pause), pause)
end

return provenance
