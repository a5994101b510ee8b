-- Where the result of *Again* goes: as further takes into the items that the run before it made, when all of them are there
-- still. A take that the musician has edited stays the one that plays; the new one lies beside it.

local provenance = require("lib.provenance")
local read_items = require("lib.read_items")

local again = {}

local NEAR = 1e-3 -- quarter notes
local RING = 4 -- quarter notes: an item reaches over its region's edge as far as its notes ring, in each run another way

-- The items of ours on a track that nobody has locked: `{guid, from, to}`.
local function ours_on(handle, track, pause)
  local found = {}
  for i = 0, reaper.GetTrackNumMediaItems(track) - 1 do
    local item = reaper.GetTrackMediaItem(track, i)
    if provenance.job(item) and not read_items.is_locked(item) then
      local from, to = read_items.span(handle, item)
      found[#found + 1] = { guid = read_items.guid(item), from = from, to = to }
    end
    pause()
  end
  return found
end

local function matching(items, wish)
  for _, one in ipairs(items) do
    if math.abs(one.from - wish.from_qn) <= NEAR and math.abs(one.to - wish.to_qn) <= RING then return one.guid end
  end
end

local function is_our_track(track, wish)
  local _, name = reaper.GetSetMediaTrackInfo_String(track, "P_NAME", "", false)
  local _, job = reaper.GetSetMediaTrackInfo_String(track, "P_EXT:partimento.job", "", false)
  return job ~= "" and name == wish.name and reaper.GetMediaTrackInfo_Value(track, "I_FREEZECOUNT") == 0
end

local function items_for(handle, track, wishes, pause)
  local items, found = ours_on(handle, track, pause), {}
  for _, wish in ipairs(wishes) do
    found[wish] = matching(items, wish)
    if not found[wish] then return nil end
    pause()
  end
  return found
end

--- The track of ours that a wished track would double, and the items that its wished items would cover, by wish; or nil.
function again.seat(handle, wish, wishes, pause)
  if #wishes == 0 then return nil end
  for i = 0, reaper.CountTracks(handle) - 1 do
    local track = reaper.GetTrack(handle, i)
    local items = is_our_track(track, wish) and items_for(handle, track, wishes, pause)
    if items then return reaper.GetTrackGUID(track), items end
    pause()
  end
end

return again
