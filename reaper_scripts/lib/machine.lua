-- Where these scripts run, in words.

local VERSION = require("lib.version")

local machine = {}

--- REAPER, its system and our version. REAPER knows Linux by no name.
function machine.words()
  local system = reaper.GetOS()
  if system == "Other" then system = "Linux" end
  return ("REAPER %s on %s, scripts %s"):format(reaper.GetAppVersion(), system, VERSION)
end

return machine
