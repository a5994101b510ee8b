-- What the musician chose last, kept by REAPER over sessions; a project's own choice comes first.

local project = require("lib.project")

local settings = {}

local SECTION = "partimento"

--- The last choice for a key in this project, else anywhere, else what is given.
function settings.get(handle, key, otherwise)
  local own = project.get(handle, "choice." .. key)
  if own ~= "" then return own end
  local last = reaper.GetExtState(SECTION, "choice." .. key)
  return last ~= "" and last or otherwise
end

--- Remembers a choice for this project and for the next new one.
function settings.set(handle, key, value)
  local line = value:gsub("[\r\n]+", " ") -- REAPER keeps one line for a key
  project.set(handle, "choice." .. key, line)
  reaper.SetExtState(SECTION, "choice." .. key, line, true)
end

return settings
