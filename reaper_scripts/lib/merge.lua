-- A fill joined with what stands around it: notes that start in the mask go, those of the clip come, all else stays.
--
-- The outcome is a further take with a source of its own, laid out straight: a pooled, looped, trimmed or faster source
-- stays as it is in the take that was there.

local bars = require("lib.bars")
local clips = require("lib.clips")
local events = require("lib.events")

local merge = {}

local FOREVER = math.maxinteger // 2
local EARLY = 60 -- ticks by which a player may come before the chord that is meant
local STRIDE = 256 -- events between two pauses

local NAMES = { C = 0, D = 2, E = 4, F = 5, G = 7, A = 9, B = 11 }

-- `F#4` or `Bb-1` as a MIDI number; C4 is 60.
local function pitch_of(name)
  local letter, sign, octave = name:match("^([A-Ga-g])([#b]*)(-?%d+)$")
  if not letter then return nil end
  local step = NAMES[letter:upper()] + select(2, sign:gsub("#", "")) - select(2, sign:gsub("b", ""))
  return step + 12 * (tonumber(octave) + 1)
end

--- What a take plays inside its item, in ticks of 960 from the item's start. `lay` has rate, offset and division. `pause`,
--- here and below, is called now and then.
function merge.laid_out(list, lay, length, pause)
  local placed, source = {}, #list > 0 and list[#list][1] or 0
  local speed = clips.TICKS / lay.division / lay.rate
  local turn = source * speed
  local first = -lay.offset_qn * clips.TICKS / lay.rate
  local last = lay.looped and turn > 0 and math.ceil((length - first) / turn) - 1 or 0
  for pass = 0, last do
    for i, event in ipairs(list) do
      local at = math.floor(first + pass * turn + event[1] * speed + 0.5)
      placed[#placed + 1] = { at, event[2], event[3] }
      if i % STRIDE == 0 then pause() end
    end
    pause()
  end
  return placed
end

-- What a message sets: a controller's number belongs to it.
local function setting(message) return message:sub(1, message:byte() & 0xF0 == 0xB0 and 2 or 1) end

-- Notes as pairs of events, and everything else. A note that starts outside the item does not sound there.
local function parted(list, length, pause)
  local notes, rest, open, before = {}, {}, {}, {}
  for i, event in ipairs(list) do
    if i % STRIDE == 0 then pause() end
    local key, on = events.note(event[3])
    if on then
      if event[1] >= 0 and event[1] < length then
        local one = { on = event, off = { length, 0, string.char(0x80 | key >> 7, key & 0x7F, 0) } }
        notes[#notes + 1] = one
        open[key] = open[key] or {}
        table.insert(open[key], one)
      end
    elseif key then
      local one = open[key] and table.remove(open[key], 1)
      if one then one.off = { math.min(event[1], length), event[2], event[3] } end
    elseif event[1] < 0 then -- what was set before the item's start still holds there
      if event[3]:byte() < 0xF0 then before[setting(event[3])] = { 0, event[2], event[3] } end
    elseif event[1] <= length then
      rest[#rest + 1] = event
    end
  end
  for _, event in pairs(before) do rest[#rest + 1] = event end
  return notes, rest
end

--- Whether a note lies in a mask: a function of its place in quarter notes and its pitch.
function merge.inside(mask, track, ruler)
  local cells, kept = {}, {}
  for _, cell in ipairs(mask.cells or {}) do
    if cell.track == track then
      local low, high = 0, 127
      if type(cell.pitch) == "table" and cell.pitch[1] then low, high = pitch_of(cell.pitch[1]), pitch_of(cell.pitch[2]) end
      cells[#cells + 1] = { bars.qn(ruler, cell.from[1], cell.from[2]), bars.qn(ruler, cell.to[1], cell.to[2]), low, high }
    end
  end
  for _, keep in ipairs(mask.keep or {}) do
    if keep.track == track then kept[#kept + 1] = { bars.qn(ruler, keep.at[1], keep.at[2]), pitch_of(keep.pitch) } end
  end
  local near = 0.5 / clips.TICKS
  return function(qn, pitch)
    for _, keep in ipairs(kept) do
      if math.abs(keep[1] - qn) <= near and keep[2] == pitch then return false end
    end
    for _, cell in ipairs(cells) do
      if qn >= cell[1] - near and qn < cell[2] - near and pitch >= cell[3] and pitch <= cell[4] then return true end
    end
    return false
  end
end

--- The events of the joined take. `from_qn` is where the item starts, `new` the clip's events from there.
function merge.join(old, new, length, from_qn, is_inside, pause)
  local notes, joined = parted(old, length, pause)
  for i, one in ipairs(notes) do
    if i % STRIDE == 0 then pause() end
    if not is_inside(from_qn + one.on[1] / clips.TICKS, one.on[3]:byte(2)) then
      joined[#joined + 1] = one.on
      joined[#joined + 1] = one.off
    end
  end
  for _, event in ipairs(new) do joined[#joined + 1] = { event[1], event[2], event[3] } end
  return events.sort(joined, pause)
end

local function stretch_at(stretches, tick)
  for _, one in ipairs(stretches) do
    if tick >= one[1] - EARLY and tick < one[2] - EARLY then return one end
  end
end

-- Notes of one side: those inside the stretches, or those outside; none sounds on over a border.
local function bordered(notes, stretches, inside, list, pause)
  for i, one in ipairs(notes) do
    if i % STRIDE == 0 then pause() end
    local at, off = one.on[1], one.off
    local home, stop = stretch_at(stretches, at), math.huge
    for _, other in ipairs(stretches) do
      if not home and other[1] > at then stop = math.min(stop, other[1]) end
    end
    if home then stop = home[2] end
    if (home ~= nil) == inside then
      list[#list + 1] = one.on
      list[#list + 1] = { math.max(at + 1, math.min(off[1], stop)), off[2], off[3] }
    end
  end
end

-- What was set before a place, once more there.
local function set_again(rest, at, list)
  local held = {}
  for _, event in ipairs(rest) do
    if event[1] < at and event[3]:byte() < 0xF0 then held[setting(event[3])] = event end
  end
  for _, event in pairs(held) do list[#list + 1] = { math.max(0, at), event[2], event[3] } end
end

-- What else is set on one side, and at each border what was set there before.
local function set_on(rest, stretches, inside, list, pause)
  rest = events.sort(rest, pause)
  for _, event in ipairs(rest) do
    if (stretch_at(stretches, event[1]) ~= nil) == inside then list[#list + 1] = event end
  end
  for _, one in ipairs(stretches) do
    local border = inside and one[1] or one[2]
    if border < FOREVER then set_again(rest, border - EARLY, list) end
    pause()
  end
end

--- A take with some stretches of it, `{from, to}` in ticks, from another one: everything in them is the other's.
function merge.renewed(old, new, length, stretches, pause)
  local list = {}
  for _, one in ipairs(stretches) do
    if one[2] >= length then one[2] = FOREVER end
  end
  for _, side in ipairs({ { old, false }, { new, true } }) do
    local notes, rest = parted(side[1], length, pause)
    bordered(notes, stretches, side[2], list, pause)
    set_on(rest, stretches, side[2], list, pause)
  end
  return events.sort(list, pause)
end

return merge
