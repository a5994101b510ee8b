-- Where the result of *Again* goes: as further takes into the items that the run before made, when all of them are there
-- still. What the musician has locked stays as it is; a take that was edited stays the one that plays, and the new one lies
-- beside it. Where chords were changed, the edited take is played anew there alone.

local clips = require("lib.clips")
local events = require("lib.events")
local merge = require("lib.merge")
local provenance = require("lib.provenance")
local read_items = require("lib.read_items")
local takes = require("lib.takes")
local targets = require("lib.targets")

local again = {}

local NEAR = 1e-3 -- quarter notes
local RING = 4 -- quarter notes: an item reaches over its region's edge as far as its notes ring, in each run another way

-- The items of ours on a track: `{guid, from, to}`.
local function ours_on(handle, track, pause)
  local found = {}
  for i = 0, reaper.GetTrackNumMediaItems(track) - 1 do
    local item = reaper.GetTrackMediaItem(track, i)
    if provenance.job(item) then
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

-- The stretches that touch an item, in ticks from its start.
local function in_item(stretches, from_qn, to_qn)
  local found = {}
  for _, one in ipairs(stretches) do
    local from, to = math.max(one.from, from_qn), math.min(one.to, to_qn)
    if to - from > NEAR then found[#found + 1] = { clips.length(from_qn, from), clips.length(from_qn, to) } end
  end
  return found
end

-- The edited take with the stretches played anew, or nil where there are none.
local function mixed(state, item, work, ready)
  local stretches, take = in_item(state.anew, work.from_qn, work.to_qn), reaper.GetActiveTake(item)
  if #stretches == 0 then return nil end
  local lay = take and reaper.TakeIsMIDI(take) and read_items.layout(item, take)
  if not lay then -- it has become something that notes cannot be put into
    state.adopted = state.adopted + 1
    return nil
  end
  local pause, length = state.pause, clips.length(work.from_qn, work.to_qn)
  local _, packed = reaper.MIDI_GetAllEvts(take)
  local old = merge.laid_out(events.unpack(packed, pause), lay, length, pause)
  local new = clips.events(state.job, ready.file, pause)
  local made = clips.made(ready.name, merge.renewed(old, new, length, stretches, pause), length, ready.provenance, pause)
  made.is_mixed = true
  return made
end

-- Chords were changed, and around them the music is what it was: of the takes, the one that plays finds its like.
local function revoiced(state, item, work)
  work.active = math.tointeger(reaper.GetMediaItemInfo_Value(item, "I_CURTAKE")) % #work.takes
  local ready = work.takes[work.active + 1]
  if work.is_untouched then return not provenance.sounds_like(item, ready) and work or nil end
  local made = mixed(state, item, work, ready)
  if not made then return nil end
  work.takes, work.active = { made }, 0
  return work
end

--- The work for an item of the run before, or nil where it stays as it is.
function again.ready(state, work)
  local item = state.found.items[work.seat]
  if read_items.is_locked(item) then
    state.adopted = state.adopted + 1
    return nil
  end
  work.is_untouched = provenance.is_untouched(item, state.pause)
  return #state.anew == 0 and work or revoiced(state, item, work)
end

-- An item is as long as its longest take rings, unless the musician has cut it: then it is no longer as long as its source.
local function lengthen(handle, item, to_qn)
  local from, to = read_items.span(handle, item)
  local take = reaper.GetActiveTake(item)
  if to_qn <= to or not take or not reaper.TakeIsMIDI(take) then return end
  local length = reaper.GetMediaSourceLength(reaper.GetMediaItemTake_Source(take))
  if math.abs(length - (to - from)) > NEAR then return end
  local place = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", reaper.TimeMap2_QNToTime(handle, to_qn) - place)
end

function again.commit(state, work)
  local item = targets.item(state.found, work.seat)
  lengthen(state.handle, item, work.to_qn)
  local before, count = reaper.GetActiveTake(item), reaper.CountTakes(item)
  for _, ready in ipairs(work.takes) do takes.further(item, ready, state.job) end
  provenance.mark(item, state.job)
  if work.is_untouched or work.takes[1].is_mixed then
    reaper.SetActiveTake(reaper.GetMediaItemTake(item, count + work.active))
  else
    reaper.SetActiveTake(before)
    state.adopted = state.adopted + 1
  end
end

return again
