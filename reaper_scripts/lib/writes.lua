-- What a result may ask for, one entry for each `op`: how it is made ready, and how it is done.
--
-- `ready(state, wish)` runs over ticks, touches nothing, and finds what is damaged. `commit(state, work)` runs inside the undo
-- block, in one tick, while the project is still as `ready` found it; without work there is nothing to do. state: job, handle,
-- found (targets), ruler, keys and tracks (by key), anew and seats (for *Again*), pause.

local again = require("lib.again")
local clips = require("lib.clips")
local events = require("lib.events")
local faults = require("lib.faults")
local json = require("lib.json")
local merge = require("lib.merge")
local messages = require("lib.messages")
local provenance = require("lib.provenance")
local read_items = require("lib.read_items")
local takes = require("lib.takes")
local targets = require("lib.targets")
local tracks = require("lib.tracks")

local writes = {}

local given = json.given

local function need(state, wish, field, kind)
  local value = given(wish[field])
  if type(value) ~= kind then clips.damaged(state.job, ("a write of the kind “%s” has no %s"):format(wish.op, field)) end
  return value
end

local function span(state, wish)
  local from, to = need(state, wish, "from_qn", "number"), need(state, wish, "to_qn", "number")
  if to <= from or from < 0 then clips.damaged(state.job, "an item ends before it starts") end
  return from + 0.0, to + 0.0
end

local function seconds(state, qn) return reaper.TimeMap2_QNToTime(state.handle, qn) end

-- A track by the key of this result, for which another may stand already; else by GUID.
local function track_of(state, name)
  local seat = state.keys[name]
  return state.tracks[name] or targets.track(state.found, type(seat) == "string" and seat or name)
end

-- track ---------------------------------------------------------------------------------------------------------------

writes.track = {}

function writes.track.ready(state, wish)
  local key, seat = need(state, wish, "key", "string"), state.seats.tracks[wish]
  state.keys[key] = seat or true
  if seat then return nil end
  return {
    key = key,
    name = need(state, wish, "name", "string"),
    role = given(wish.role),
    colour = given(wish.colour),
    folder = given(wish.folder),
    after = given(wish.after),
    sounds = state.sounding[key] == true,
  }
end

function writes.track.commit(state, work)
  local above = work.after and (state.tracks[work.after] or targets.neighbour(state.found, work.after))
  local track, has_sound = tracks.add(state.handle, work, above)
  reaper.GetSetMediaTrackInfo_String(track, "P_EXT:partimento.job", state.job, true)
  state.tracks[work.key] = track
  if not has_sound then state.silent[#state.silent + 1] = work.name end
end

-- item ----------------------------------------------------------------------------------------------------------------

writes.item = {}

-- Whether an item carries our mark and nobody has changed its notes. Long to find out, so it is done before the block.
local function is_as_we_left_it(state, guid)
  local item = targets.item(state.found, guid)
  return provenance.job(item) ~= nil and provenance.is_untouched(item, state.pause)
end

function writes.item.ready(state, wish)
  local from, to = span(state, wish)
  local work = { track = given(wish.track), guid = given(wish.guid), from_qn = from, to_qn = to, takes = {} }
  local length = clips.length(from, to)
  for i, take in ipairs(need(state, wish, "takes", "table")) do
    work.takes[i] = clips.take(state.job, writes.plain(take), length, state.pause)
  end
  work.active = given(wish.active) or 0
  work.seat = state.seats.items[wish]
  if not work.takes[work.active + 1] then clips.damaged(state.job, "an item has no active take") end
  if not work.guid and not state.keys[work.track] and not state.found.tracks[work.track or ""] then
    faults.raise(messages.pair("target_gone", "a track"))
  end
  if work.seat then return again.ready(state, work) end
  if work.guid then work.is_ours = is_as_we_left_it(state, work.guid) end
  return work
end

-- New notes for an item of ours, in a source of its own: a pooled one would change elsewhere, too.
local function renew(state, item, work)
  local ready, from = work.takes[work.active + 1], seconds(state, work.from_qn)
  state.leftovers[#state.leftovers + 1] = takes.renew(reaper.GetActiveTake(item), ready)
  reaper.SetMediaItemInfo_Value(item, "D_POSITION", from)
  reaper.SetMediaItemInfo_Value(item, "D_LENGTH", seconds(state, work.to_qn) - from)
  provenance.mark(item, state.job)
  provenance.mark_take(reaper.GetActiveTake(item), state.job, ready)
end

function writes.item.commit(state, work)
  if work.seat then return again.commit(state, work) end
  if not work.guid then
    takes.item(state.handle, track_of(state, work.track), work, state.job)
    return
  end
  local item = targets.item(state.found, work.guid)
  if not work.is_ours then
    state.adopted = state.adopted + 1 -- the musician has made it their own
    return
  end
  renew(state, item, work)
end

-- take ----------------------------------------------------------------------------------------------------------------

writes.take = {}

local function midi_item(state, guid)
  local item = targets.item(state.found, guid)
  local take = reaper.GetActiveTake(item)
  if take and not reaper.TakeIsMIDI(take) then
    faults.raise(messages.pair("audio_target", read_items.track_name(item)))
  end
  return item, take
end

function writes.take.ready(state, wish)
  local guid = need(state, wish, "item", "string")
  local item = targets.item(state.found, guid)
  local from, to = read_items.span(state.handle, item)
  need(state, wish, "file", "string")
  return { guid = guid, take = clips.take(state.job, writes.plain(wish), clips.length(from, to), state.pause) }
end

function writes.take.commit(state, work)
  local item = targets.item(state.found, work.guid)
  takes.further(item, work.take, state.job)
end

-- merge ---------------------------------------------------------------------------------------------------------------

writes.merge = {}

function writes.merge.ready(state, wish)
  local guid = need(state, wish, "item", "string")
  local item, take = midi_item(state, guid)
  if not take then faults.raise(messages.pair("target_gone", "its notes")) end
  local from, to = read_items.span(state.handle, item)
  local length = clips.length(from, to)
  local lay = read_items.layout(item, take)
  if not lay then faults.raise(messages.pair("own_tempo", read_items.track_name(item))) end
  local _, packed = reaper.MIDI_GetAllEvts(take)
  local pause, name = state.pause, given(wish.name) or "Fill"
  local inside = merge.inside(need(state, wish, "mask", "table"), read_items.track_name(item), state.ruler)
  local old = merge.laid_out(events.unpack(packed, pause), lay, length, pause)
  local new = clips.events(state.job, need(state, wish, "file", "string"), pause)
  local list = merge.join(old, new, length, from, inside, pause)
  return { guid = guid, take = clips.made(name, list, length, given(wish.provenance), pause) }
end

writes.merge.commit = writes.take.commit

-- region, marker, tempo -----------------------------------------------------------------------------------------------

local function colour_of(wish) return given(wish.colour) and tracks.native_colour(wish.colour) or 0 end

local function add_marker(state, is_region, work)
  local from = seconds(state, work.from_qn)
  local to = is_region and seconds(state, work.to_qn) or 0.0
  local number = reaper.AddProjectMarker2(state.handle, is_region, from, to, work.name, -1, work.colour)
  if number < 0 then error("REAPER took no marker", 0) end
end

writes.region = {}

function writes.region.ready(state, wish)
  local from, to = span(state, wish)
  return { name = need(state, wish, "name", "string"), from_qn = from, to_qn = to, colour = colour_of(wish) }
end

function writes.region.commit(state, work) add_marker(state, true, work) end

writes.marker = {}

function writes.marker.ready(state, wish)
  return {
    name = need(state, wish, "name", "string"),
    from_qn = need(state, wish, "qn", "number") + 0.0,
    colour = colour_of(wish),
  }
end

function writes.marker.commit(state, work) add_marker(state, false, work) end

writes.tempo = {}

function writes.tempo.ready(state, wish)
  local work = { qn = need(state, wish, "qn", "number") + 0.0, qpm = need(state, wish, "qpm", "number") + 0.0 }
  work.linear = given(wish.linear) == true
  local above, below = tostring(given(wish.meter) or "0/0"):match("^(%d+)/(%d+)$")
  work.above, work.below = math.tointeger(tonumber(above)), math.tointeger(tonumber(below))
  if not work.above then clips.damaged(state.job, "a tempo has a strange meter") end
  return work
end

local function tempo_at(handle, time)
  for i = 0, reaper.CountTempoTimeSigMarkers(handle) - 1 do
    local _, there = reaper.GetTempoTimeSigMarker(handle, i)
    if math.abs(there - time) < 1e-6 then return i end
  end
  return -1 -- a new one
end

function writes.tempo.commit(state, work)
  local time = seconds(state, work.qn)
  local index = tempo_at(state.handle, time)
  reaper.SetTempoTimeSigMarker(state.handle, index, time, -1, -1.0, work.qpm, work.above, work.below, work.linear)
  state.tempo_changed = true
end

-- delete --------------------------------------------------------------------------------------------------------------

writes.delete = {}

function writes.delete.ready(state, wish)
  local guid = need(state, wish, "guid", "string")
  return { guid = guid, is_ours = is_as_we_left_it(state, guid) }
end

function writes.delete.commit(state, work)
  local item = targets.item(state.found, work.guid)
  if work.is_ours then
    reaper.DeleteTrackMediaItem(reaper.GetMediaItem_Track(item), item)
  else
    state.adopted = state.adopted + 1
  end
end

--- A table without JSON's nulls.
function writes.plain(values)
  local plain = {}
  for key, value in pairs(values) do plain[key] = given(value) end
  return plain
end

return writes
