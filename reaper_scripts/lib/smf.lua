-- The clips that the bridge writes: Standard MIDI Files at 960 ticks per quarter. Strict: what is not so is damaged.

local smf = {}

local DIVISION = 960
local STRIDE = 256 -- events between two pauses

local function fail(what) error({ smf = what }, 0) end

local function variable(data, at)
  local value = 0
  for _ = 1, 4 do
    local byte = data:byte(at)
    if not byte then fail("it ends in the middle of an event") end
    at, value = at + 1, value << 7 | byte & 0x7F
    if byte < 0x80 then return value, at end
  end
  fail("a number in it is too long")
end

local function sized(data, at)
  local size
  size, at = variable(data, at)
  if at + size - 1 > #data then fail("it ends in the middle of an event") end
  return data:sub(at, at + size - 1), at + size
end

local LENGTHS = { [0x80] = 2, [0x90] = 2, [0xA0] = 2, [0xB0] = 2, [0xC0] = 1, [0xD0] = 1, [0xE0] = 2 }

-- One event behind its delta: its message as REAPER packs it (nil for what it has no use for), and the status that runs on.
local function event(data, at, running)
  local status = data:byte(at)
  if not status then fail("it ends in the middle of an event") end
  if status == 0xFF then
    local kind = data:byte(at + 1)
    if not kind then fail("it ends in the middle of an event") end
    local text, after = sized(data, at + 2)
    local keep = kind >= 1 and kind <= 9 and kind ~= 3 -- words; a track's name is the take's
    return keep and string.char(0xFF, kind) .. text or nil, after, nil, kind == 0x2F
  end
  if status == 0xF0 or status == 0xF7 then
    local text, after = sized(data, at + 1)
    return status == 0xF0 and "\xF0" .. text or nil, after, nil
  end
  if status >= 0x80 then
    at, running = at + 1, status
  elseif not running then
    fail("a status byte is missing")
  end
  local length = LENGTHS[running & 0xF0]
  if not length then fail("it holds a message that no file may hold") end
  local body = data:sub(at, at + length - 1)
  if #body < length or body:find("[\x80-\xFF]") then fail("a data byte is wrong") end
  return string.char(running) .. body, at + length, running
end

local function read_track(data, list, pause)
  local at, tick, running, read = 1, 0, nil, 0
  while at <= #data do
    read = read + 1
    if pause and read % STRIDE == 0 then pause() end
    local delta, message, ended
    delta, at = variable(data, at)
    tick = tick + delta
    message, at, running, ended = event(data, at, running)
    if message then list[#list + 1] = { tick, 0, message } end
    if ended then return tick end
  end
  fail("a track has no end")
end

local function chunks(data)
  if data:sub(1, 4) ~= "MThd" or #data < 14 then fail("it is no MIDI file") end
  local length, _, _, division = string.unpack(">I4I2I2I2", data, 5)
  if division ~= DIVISION then fail(("it has %d ticks per quarter, not %d"):format(division, DIVISION)) end
  local at, found = 9 + length, {}
  while at + 8 <= #data + 1 do
    local size = string.unpack(">I4", data, at + 4)
    if at + 7 + size > #data then fail("it ends in the middle of a track") end
    if data:sub(at, at + 3) == "MTrk" then found[#found + 1] = data:sub(at + 8, at + 7 + size) end
    at = at + 8 + size
  end
  return found
end

--- The events of a clip as `{at, flags, message}` in ticks of 960, and its length; or nil and what is wrong with it.
--- `pause`, when given, is called now and then.
function smf.read(data, pause)
  local ok, list, length = pcall(function()
    local list, length = {}, 0
    for _, track in ipairs(chunks(data)) do length = math.max(length, read_track(track, list, pause)) end
    return list, length
  end)
  if ok then return list, length end
  if type(list) ~= "table" or not list.smf then error(list, 0) end
  return nil, list.smf
end

return smf
