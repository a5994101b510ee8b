-- An item with the events of its active take, as the wire has it: the take's own events, and how they are laid out.

local json = require("lib.json")
local events = require("lib.events")
local messages = require("lib.messages")
local faults = require("lib.faults")

local read_items = {}

local NEAR = 0.25 -- ticks that a place may be off: no event is moved by it
local STRIDE = 256 -- events between two pauses
local MANY, JOINING = 40, 0.005 -- so many stretches of events take so many seconds to become one text

function read_items.guid(item)
  local _, guid = reaper.GetSetMediaItemInfo_String(item, "GUID", "", false)
  return guid
end

function read_items.take_guid(take)
  local _, guid = reaper.GetSetMediaItemTakeInfo_String(take, "GUID", "", false)
  return guid
end

function read_items.is_locked(item) return math.tointeger(reaper.GetMediaItemInfo_Value(item, "C_LOCK")) & 1 == 1 end

--- Where an item begins and ends, in quarter notes.
function read_items.span(handle, item)
  local from = reaper.GetMediaItemInfo_Value(item, "D_POSITION")
  local to = from + reaper.GetMediaItemInfo_Value(item, "D_LENGTH")
  return reaper.TimeMap2_timeToQN(handle, from), reaper.TimeMap2_timeToQN(handle, to)
end

--- The pool that an item's active MIDI source belongs to, or nil. REAPER tells it only in the item's chunk.
function read_items.pool(item)
  local ok, chunk = reaper.GetItemStateChunk(item, "", false)
  return ok and chunk:match("\n%s*POOLEDEVTS%s+(%b{})") or nil
end

-- How a take's ticks lie in the project: where its tick 0 is, and how many ticks fill a quarter of its own (nil when the
-- source keeps a tempo of its own and no such number exists).
local function laid(take, from, to, rate)
  local zero = reaper.MIDI_GetProjQNFromPPQPos(take, 0.0)
  local per_quarter = reaper.MIDI_GetPPQPosFromProjQN(take, zero + 1) / rate
  local division = math.floor(per_quarter + 0.5)
  local straight = division > 0
  for _, qn in ipairs({ from, (from + to) / 2, to }) do
    local there = reaper.MIDI_GetPPQPosFromProjQN(take, qn)
    straight = straight and math.abs((qn - zero) * division * rate - there) <= NEAR
  end
  return zero, straight and division or nil
end

local function written(qn, message)
  local at = ("%.9g"):format(qn)
  if at:find(",", 1, true) then at = at:gsub(",", ".") end -- a plug-in may have set a locale with decimal commas
  if #message == 3 then return ('[%s,"%02x %02x %02x"]'):format(at, message:byte(1, 3)) end
  return ('[%s,"%s"]'):format(at, events.hex(message:sub(1, 3)))
end

local function listed(list, place, pause)
  local parts, n, stretches = {}, 0, {}
  for i, event in ipairs(list) do
    if events.sounds(event) or i == #list then -- the last one is the source's end, whatever it is
      n = n + 1
      parts[n] = written(place(event[1]), event[3])
    end
    if n == STRIDE or i == #list then -- joined bit by bit: a hundred thousand at once would be felt
      stretches[#stretches + 1] = table.concat(parts, ",", 1, n)
      n = 0
      pause(i == #list and #stretches > MANY and JOINING or 0)
    end
  end
  return json.raw("[" .. table.concat(stretches, ",") .. "]")
end

local function read_midi(item, take, read, pause)
  local zero, division = laid(take, read.from_qn, read.to_qn, read.rate)
  local _, packed = reaper.MIDI_GetAllEvts(take)
  local list = events.unpack(packed, pause)
  if division then
    read.offset_qn = (read.from_qn - zero) * read.rate
    read.events = listed(list, function(tick) return tick / division end, pause)
    return packed
  end
  -- The source keeps a tempo of its own: each event is asked where it lies in the project.
  if read.looped then faults.raise(messages.pair("own_tempo", read_items.track_name(item))) end
  read.offset_qn, read.rate = read.from_qn - zero, 1.0
  read.events = listed(list, function(tick) return reaper.MIDI_GetProjQNFromPPQPos(take, tick + 0.0) - zero end, pause)
  return packed
end

--- How a take lies in its item: `{offset_qn, rate, division, looped}`, or nil when its source keeps a tempo of its own.
function read_items.layout(item, take)
  local from, to = read_items.span(reaper.GetItemProjectContext(item), item)
  local rate = reaper.GetMediaItemTakeInfo_Value(take, "D_PLAYRATE")
  local zero, division = laid(take, from, to, rate)
  if not division then return nil end
  local looped = reaper.GetMediaItemInfo_Value(item, "B_LOOPSRC") ~= 0
  return { offset_qn = (from - zero) * rate, rate = rate, division = division, looped = looped }
end

--- The name of the track that an item lies on.
function read_items.track_name(item)
  local _, name = reaper.GetTrackName(reaper.GetMediaItem_Track(item))
  return name
end

--- The item as the wire has it, or nil for one that holds no music (empty or muted); and the packed events of one with MIDI.
--- `pause` is called now and then, and comes back only while the project is as it was.
function read_items.read(handle, item, pause)
  local take = reaper.GetActiveTake(item)
  if not take or not reaper.GetMediaItemTake_Source(take) then return nil end
  if reaper.GetMediaItemInfo_Value(item, "B_MUTE") ~= 0 then return nil end
  local from, to = read_items.span(handle, item)
  local is_midi = reaper.TakeIsMIDI(take)
  local read = {
    guid = read_items.guid(item),
    take = read_items.take_guid(take),
    from_qn = from,
    to_qn = to,
    offset_qn = 0.0,
    rate = reaper.GetMediaItemTakeInfo_Value(take, "D_PLAYRATE"),
    looped = reaper.GetMediaItemInfo_Value(item, "B_LOOPSRC") ~= 0,
    pooled = false, -- known when all items are read
    locked = read_items.is_locked(item),
    source = is_midi and "midi" or "audio",
    events = json.array(),
  }
  return read, is_midi and read_midi(item, take, read, pause) or nil
end

--- Whether a track is called Chords, in whatever letters.
function read_items.is_chord_track(track)
  local _, name = reaper.GetTrackName(track)
  return name:lower():match("^%s*(.-)%s*$") == "chords"
end

--- The chord that an item of a chord track stands for: the first line of its words, when it plays nothing.
function read_items.words(item)
  local take = reaper.GetActiveTake(item)
  if take and reaper.GetMediaItemTake_Source(take) then return nil end
  local name = take and reaper.GetTakeName(take) or ""
  local _, notes = reaper.GetSetMediaItemInfo_String(item, "P_NOTES", "", false)
  local words = notes ~= "" and notes or name
  return words:match("^%s*([^\r\n]*%S)")
end

return read_items
