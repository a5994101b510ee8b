-- One small window that asks for everything a run needs, filled with what was chosen last.

local faults = require("lib.faults")
local messages = require("lib.messages")
local settings = require("lib.settings")

local chooser = {}

local WIDE = 160 -- pixels beside REAPER's own width of a field

--- What may stand in a field: each returns the value, or nil and what it must be.
chooser.kinds = {
  text = function(line) return line end,
  whole = function(low, high)
    return function(line)
      local value = math.tointeger(tonumber(line))
      if value and value >= low and value <= high then return value end
      return nil, ("a whole number from %d to %d"):format(low, high)
    end
  end,
  unit = function(line)
    local value = tonumber((line:gsub(",", ".")))
    if value and value >= 0 and value <= 1 then return value + 0.0 end
    return nil, "a number from 0 to 1"
  end,
}

local function lines_of(text, count)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  for i = #lines + 1, count do lines[i] = "" end
  return lines
end

--- Asks for one line, which is remembered nowhere. Returns nil when the musician thought better of it.
function chooser.line(title, caption, text)
  local ok, line = reaper.GetUserInputs(title, 1, ("%s,extrawidth=%d,separator=\n"):format(caption, 3 * WIDE), text)
  return ok and line or nil
end

--- Asks for `fields` (`{key, caption, kind, otherwise}`). Returns the values by key (an empty line is nil), or nil
--- when the musician thought better of it.
function chooser.ask(handle, title, fields)
  local captions, last = {}, {}
  for i, field in ipairs(fields) do
    captions[i] = field.caption:gsub(",", " ")
    last[i] = settings.get(handle, field.key, field.otherwise)
  end
  local extras = (",extrawidth=%d,separator=\n"):format(WIDE)
  local ok, text =
    reaper.GetUserInputs(title, #fields, table.concat(captions, ",") .. extras, table.concat(last, "\n"))
  if not ok then return nil end
  local values = {}
  for i, line in ipairs(lines_of(text, #fields)) do
    local field = fields[i]
    line = line:match("^%s*(.-)%s*$")
    if field and line ~= "" then
      local value, must = field.kind(line)
      if value == nil then faults.raise(messages.pair("wrong_style", line, must)) end
      values[field.key] = value
    end
    if field then settings.set(handle, field.key, line) end
  end
  return values
end

return chooser
