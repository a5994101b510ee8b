-- JSON as RFC 8259 has it and nothing else: what the bridge writes is read, what is damaged is refused with its place.
--
-- null is `json.null`; an empty table is an object unless `json.array` made it; `json.raw` is text that is JSON already.

local json = {}

local MAX_DEPTH = 128 -- deeper than any of our schemas, far from Lua's own limit

json.null = setmetatable({}, { __tostring = function() return "null" end })
local Array = { __name = "json.array" }
local Raw = { __name = "json.raw" }

--- Marks a table as an array, so that it stays one when it is empty.
function json.array(values) return setmetatable(values or {}, Array) end

--- Text that is JSON already; it is written as it stands.
function json.raw(text) return setmetatable({ text = text }, Raw) end

--- A value or nil: JSON's null is nothing to a script that asks for a field.
function json.given(value)
  if value == json.null then return nil end
  return value
end

-- Reading -------------------------------------------------------------------------------------------------------------

local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function fail(at, what) error({ json = what, at = at }, 0) end

local function skip(text, at)
  local byte = text:byte(at)
  if byte and byte > 0x20 then return at end -- the common case, without a search
  return text:find("[^ \t\r\n]", at) or #text + 1
end

local function unicode(text, at)
  local digits = text:match("^%x%x%x%x", at)
  if not digits then fail(at, "\\u needs four hexadecimal digits") end
  return tonumber(digits, 16)
end

local function escaped(text, at)
  local letter = text:sub(at, at)
  if letter ~= "u" then
    local plain = ESCAPES[letter]
    if not plain then fail(at, "no such escape") end
    return plain, at + 1
  end
  local code = unicode(text, at + 1)
  if code >= 0xDC00 and code <= 0xDFFF then fail(at, "half a surrogate pair") end
  if code < 0xD800 or code > 0xDBFF then return utf8.char(code), at + 5 end
  if text:sub(at + 5, at + 6) ~= "\\u" then fail(at, "half a surrogate pair") end
  local low = unicode(text, at + 7)
  if low < 0xDC00 or low > 0xDFFF then fail(at, "half a surrogate pair") end
  return utf8.char(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)), at + 11
end

local function read_string(text, at)
  local stop = text:find('["\\%c]', at + 1)
  if stop and text:byte(stop) == 0x22 then return text:sub(at + 1, stop - 1), stop + 1 end
  local parts, from = {}, at + 1
  while true do
    stop = text:find('["\\%c]', from)
    if not stop then fail(at, "a string without end") end
    parts[#parts + 1] = text:sub(from, stop - 1)
    local byte = text:byte(stop)
    if byte == 0x22 then return table.concat(parts), stop + 1 end
    if byte == 0x5C then
      parts[#parts + 1], from = escaped(text, stop + 1)
    elseif byte == 0x7F then -- %c counts DEL; JSON does not
      parts[#parts + 1], from = "\x7F", stop + 1
    else
      fail(stop, "a control character in a string")
    end
  end
end

local function read_number(text, at)
  local whole = text:match("^-?0", at) or text:match("^-?[1-9]%d*", at)
  if not whole then fail(at, "not a value") end
  local stop = at + #whole
  local fraction = text:match("^%.%d+", stop) or ""
  stop = stop + #fraction
  local power = text:match("^[eE][+-]?%d+", stop) or ""
  stop = stop + #power
  if text:find("^[%w.+-]", stop) then fail(stop, "not a number") end
  local value = tonumber(whole .. fraction .. power)
  if fraction == "" and power == "" then return math.tointeger(value) or value, stop end
  if value == math.huge or value == -math.huge then fail(at, "a number too large") end
  return value + 0.0, stop
end

local read_value

local function read_array(text, at, depth, pause)
  local values, n = json.array(), 0
  at = skip(text, at + 1)
  if text:byte(at) == 0x5D then return values, at + 1 end
  while true do
    n = n + 1
    values[n], at = read_value(text, at, depth, pause)
    at = skip(text, at)
    if pause then pause() end
    local byte = text:byte(at)
    if byte == 0x5D then return values, at + 1 end
    if byte ~= 0x2C then fail(at, "a comma or ] is missing") end
    at = skip(text, at + 1)
  end
end

local function read_object(text, at, depth, pause)
  local values = {}
  at = skip(text, at + 1)
  if text:byte(at) == 0x7D then return values, at + 1 end
  while true do
    if text:byte(at) ~= 0x22 then fail(at, "a name in quotes is missing") end
    local name, after = read_string(text, at)
    if values[name] ~= nil then fail(at, "a name stands twice") end
    at = skip(text, after)
    if text:byte(at) ~= 0x3A then fail(at, "a colon is missing") end
    values[name], at = read_value(text, skip(text, at + 1), depth, pause)
    at = skip(text, at)
    if pause then pause() end
    local byte = text:byte(at)
    if byte == 0x7D then return values, at + 1 end
    if byte ~= 0x2C then fail(at, "a comma or } is missing") end
    at = skip(text, at + 1)
  end
end

local WORDS = { ["true"] = true, ["false"] = false, null = json.null }

function read_value(text, at, depth, pause)
  local byte = text:byte(at)
  if byte == 0x22 then return read_string(text, at) end
  if byte and (byte <= 0x39) then return read_number(text, at) end
  if byte == 0x7B or byte == 0x5B then
    if depth >= MAX_DEPTH then fail(at, "nested too deeply") end
    if byte == 0x7B then return read_object(text, at, depth + 1, pause) end
    return read_array(text, at, depth + 1, pause)
  end
  local word = text:match("^%a+", at)
  if word then
    if WORDS[word] == nil then fail(at, "not a value") end
    return WORDS[word], at + #word
  end
  return read_number(text, at)
end

--- The value that a text holds; or nil and what is wrong with it. `pause`, when given, is called now and then.
function json.decode(text, pause)
  local valid, bad = utf8.len(text)
  if not valid then return nil, ("byte %d is not UTF-8"):format(bad) end
  local ok, value, at = pcall(function()
    local value, at = read_value(text, skip(text, 1), 0, pause)
    at = skip(text, at)
    if at <= #text then fail(at, "something stands behind the value") end
    return value, at
  end)
  if ok then return value end
  if type(value) ~= "table" or not value.json then error(value, 0) end
  return nil, ("%s at byte %d"):format(value.json, value.at or at)
end

-- Writing -------------------------------------------------------------------------------------------------------------

local SHORT = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

--- Text with U+FFFD where a byte is no UTF-8: names in old projects are sometimes Latin-1.
function json.clean(text)
  local parts, from = {}, 1
  while true do
    local fine, bad = utf8.len(text, from)
    if fine then
      parts[#parts + 1] = text:sub(from)
      return table.concat(parts)
    end
    parts[#parts + 1] = text:sub(from, bad - 1) .. "\u{FFFD}"
    from = bad + 1
    if from > #text then return table.concat(parts) end
  end
end

local function write_string(text)
  local written = json.clean(text):gsub('["\\%c]', function(c) return SHORT[c] or ("\\u%04x"):format(c:byte()) end)
  return '"' .. written .. '"'
end

local function write_number(value)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  if value ~= value or math.abs(value) == math.huge then error("JSON has no such number: " .. tostring(value), 0) end
  local text = ("%.15g"):format(value)
  if tonumber(text) ~= value then text = ("%.17g"):format(value) end
  text = text:gsub(",", ".") -- a plug-in may have set a locale with decimal commas
  return text:find("[.e]") and text or text .. ".0"
end

local write_value

local function write_array(out, values, depth, pause)
  for place in pairs(values) do
    if math.type(place) ~= "integer" then error("a table with mixed keys is no JSON", 0) end
  end
  out[#out + 1] = "["
  for i = 1, #values do
    if i > 1 then out[#out + 1] = "," end
    write_value(out, values[i], depth, pause)
    if pause then pause() end
  end
  out[#out + 1] = "]"
end

local function write_object(out, values, depth, pause)
  local names = {}
  for name in pairs(values) do
    if type(name) ~= "string" then error("a table with mixed keys is no JSON", 0) end
    names[#names + 1] = name
  end
  table.sort(names) -- the same table is always the same text
  out[#out + 1] = "{"
  for i, name in ipairs(names) do
    out[#out + 1] = (i > 1 and "," or "") .. write_string(name) .. ":"
    write_value(out, values[name], depth, pause)
  end
  out[#out + 1] = "}"
end

local function plain(value)
  local kind = type(value)
  if kind == "string" then return write_string(value) end
  if kind == "number" then return write_number(value) end
  if kind == "boolean" then return tostring(value) end
  error("JSON has no " .. kind, 0)
end

-- Adds the parts of a value's text to `out`: joined once, since a large one would else be copied at every level.
function write_value(out, value, depth, pause)
  local meta = getmetatable(value)
  if value == json.null then
    out[#out + 1] = "null"
  elseif meta == Raw then
    out[#out + 1] = value.text
  elseif type(value) ~= "table" then
    out[#out + 1] = plain(value)
  elseif depth > MAX_DEPTH then
    error("nested too deeply, or in a circle", 0)
  elseif meta == Array or value[1] ~= nil then
    write_array(out, value, depth + 1, pause)
  else
    write_object(out, value, depth + 1, pause)
  end
end

--- A value as JSON text. What JSON cannot hold is an error of ours, not of the musician's. `pause`, when given, is
--- called now and then.
function json.encode(value, pause)
  local out = {}
  write_value(out, value, 0, pause)
  return table.concat(out)
end

return json
