-- MIDI events as REAPER packs them (`MIDI_GetAllEvts`), and as the wire carries them.

local events = {}

local NOTES_OFF = "\xB0\x7B\x00" -- the last event of a source: its place is the source's length
local MUTED = 2
local HEX = {}
for byte = 0, 255 do HEX[string.char(byte)] = ("%02x"):format(byte) end

local STRIDE = 256 -- events between two looks at the clock

--- The events of a packed buffer as `{at, flags, message}`, at in ticks of the source. `pause`, here and below, is called
--- now and then when it is given: a long recording must not hold up a tick.
function events.unpack(packed, pause)
  local found, from, at, n = {}, 1, 0, 0
  while from <= #packed do
    local delta, flags, message
    delta, flags, message, from = string.unpack("<i4Bs4", packed, from)
    at = at + delta
    n = n + 1
    found[n] = { at, flags, message }
    if pause and n % STRIDE == 0 then pause() end
  end
  return found
end

--- The buffer for `MIDI_SetAllEvts`, ended at `length` ticks. What lies behind the end is left out.
function events.pack(list, length, pause)
  local parts, at, n = {}, 0, 0
  for i, event in ipairs(list) do
    if pause and i % STRIDE == 0 then pause() end
    if event[1] <= length and event[3] ~= NOTES_OFF then
      n = n + 1
      parts[n] = string.pack("<i4Bs4", event[1] - at, event[2], event[3])
      at = event[1]
    end
  end
  parts[n + 1] = string.pack("<i4Bs4", length - at, 0, NOTES_OFF)
  return table.concat(parts)
end

--- Of a note: channel and pitch as one number, and whether it begins. Nothing for other messages.
function events.note(message)
  local kind = message:byte() & 0xF0
  if kind ~= 0x80 and kind ~= 0x90 then return nil end
  return (message:byte() & 0x0F) << 7 | message:byte(2), kind == 0x90 and message:byte(3) > 0
end

--- A sorted list that ends at `length`: what comes later is left out, and what sounds on is let go there.
function events.cut(list, length, pause)
  local kept, open = {}, {}
  for i, event in ipairs(list) do
    if pause and i % STRIDE == 0 then pause() end
    local key, on = events.note(event[3])
    if event[1] < length or (event[1] == length and not on) then
      kept[#kept + 1] = event
      if key then open[key] = math.max(0, (open[key] or 0) + (on and 1 or -1)) end
    end
  end
  for key = 0, 0x7FF do
    for _ = 1, open[key] or 0 do kept[#kept + 1] = { length, 0, string.char(0x80 | key >> 7, key & 0x7F, 0) } end
  end
  return kept
end

--- Whether an event sounds for an engine: not muted, and no sysex, text or curve (those stay in the project).
function events.sounds(event) return event[2] & MUTED == 0 and event[3]:byte() < 0xF0 end

--- A message's bytes as `90 3c 64`.
function events.hex(message) return (message:gsub(".", function(c) return HEX[c] .. " " end):sub(1, -2)) end

--- The words of a text, lyric or marker event, or nil.
function events.words(message)
  local kind = message:byte(2)
  if message:byte(1) ~= 0xFF or not kind or kind < 1 or kind > 9 then return nil end
  return message:sub(3)
end

local function rank(message)
  local status = message:byte() & 0xF0
  if status == 0x80 or (status == 0x90 and message:byte(3) == 0) then return 0 end
  return status == 0x90 and 2 or 1
end

-- Where ascending stretches begin, and the place behind the last.
local function stretches(list)
  local starts = { 1 }
  for i = 2, #list do
    if list[i][4] < list[i - 1][4] then starts[#starts + 1] = i end
  end
  starts[#starts + 1] = #list + 1
  return starts
end

-- Two stretches that follow each other, as one.
local function zipped(list, from, middle, stop, into, pause)
  local left, right = from, middle
  for at = from, stop - 1 do
    if right >= stop or (left < middle and list[left][4] < list[right][4]) then
      into[at], left = list[left], left + 1
    else
      into[at], right = list[right], right + 1
    end
    if pause and at % STRIDE == 0 then pause() end
  end
end

--- In order: by time; then note-offs, controllers, note-ons, so that a repeated note sounds again. Lua's own sort could not
--- pause; and clips are nearly in order, which this one passes over quickly.
function events.sort(list, pause)
  for i, event in ipairs(list) do
    event[4] = event[1] << 26 | rank(event[3]) << 24 | i -- one number says it all
    if pause and i % STRIDE == 0 then pause() end
  end
  local starts, into = stretches(list), {}
  while #starts > 2 do
    local longer = {}
    for k = 1, #starts - 1, 2 do
      longer[#longer + 1] = starts[k]
      zipped(list, starts[k], starts[k + 1], starts[k + 2] or starts[k + 1], into, pause)
    end
    longer[#longer + 1] = #list + 1
    list, into, starts = into, list, longer
  end
  return list
end

-- One event as a well-mixed number. Velocities of release do not count: REAPER changes them.
local function mixed(event)
  local status, first, second = event[3]:byte(1, 3)
  if rank(event[3]) == 0 then status, second = status & 0x0F | 0x80, 0 end
  local value = (event[1] << 24 | status << 16 | (first or 0) << 8 | (second or 0)) * 0x9E3779B97F4A7C15
  value = (value ~ value >> 32) * 0xD6E8FEB86659FD93
  return value ~ value >> 32
end

--- A number for what sounds in a list, whatever REAPER did to its order, selection and velocities of release.
function events.hash(list, pause)
  local sum = 0
  for i, event in ipairs(list) do
    if pause and i % STRIDE == 0 then pause() end
    if events.sounds(event) and event[3] ~= NOTES_OFF then sum = sum + mixed(event) end
  end
  return ("%016x"):format(sum)
end

return events
