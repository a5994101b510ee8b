-- A sound for a new track: the musician's own mapping first, otherwise stock instruments. Tracks that exist are never touched.
--
-- The musician's mapping is `<mailbox>/instruments.json`: {"bass": "MyBass.RfxChain", "drums": "Kit.RTrackTemplate"}.

local files = require("lib.files")
local json = require("lib.json")
local mailbox = require("lib.mailbox")

local instruments = {}

local FOLDER = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or ""

local function table_in(path)
  local text = files.read(path)
  local found = text and json.decode(text)
  return type(found) == "table" and found or {}
end

-- A track template is a track's chunk; only its FX chain is wanted, for name and colour are the result's.
local function fx_chain_of(template)
  local from = template:find("\n%s*<FXCHAIN")
  if not from then return nil end
  local depth, lines = 0, {}
  for line in template:sub(from + 1):gmatch("[^\r\n]+") do
    lines[#lines + 1] = line
    if line:find("^%s*<") then depth = depth + 1 end
    if line:find("^%s*>%s*$") then depth = depth - 1 end
    if depth == 0 then return table.concat(lines, "\n") end
  end
  return nil
end

local function from_template(track, name)
  local template = files.read(files.join(reaper.GetResourcePath(), "TrackTemplates", name))
  local chain = template and fx_chain_of(template)
  local ok, chunk = reaper.GetTrackStateChunk(track, "", false)
  if not chain or not ok then return false end
  local head = chunk:match("^(.*)\n>%s*$")
  return head ~= nil and reaper.SetTrackStateChunk(track, head .. "\n" .. chain .. "\n>", false)
end

local function own(track, name)
  if name:lower():match("%.rtracktemplate$") then return from_template(track, name) end
  return reaper.TrackFX_AddByName(track, name, false, -1) >= 0
end

local function stock(track, wish)
  local fx = reaper.TrackFX_AddByName(track, wish.fx, false, -1)
  if fx < 0 then return false end
  for _, set in ipairs(wish.params or {}) do reaper.TrackFX_SetParamNormalized(track, fx, set[1], set[2]) end
  return true
end

--- Puts an instrument on a new track. False when none could be had: the track is then silent, and that must be said.
function instruments.put(track, role)
  local wanted = table_in(mailbox.path("instruments.json"))[role or ""]
  if type(wanted) == "string" and own(track, wanted) then return true end
  local table_ = table_in(FOLDER .. "instruments.json")
  local roles = table_.roles or {}
  local wish = roles[role or ""] or table_.otherwise
  return wish ~= nil and stock(track, wish)
end

return instruments
