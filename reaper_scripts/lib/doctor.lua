-- Doctor: what works here and what does not, on one page.

local action = require("lib.action")
local bridge = require("lib.bridge")
local files = require("lib.files")
local machine = require("lib.machine")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local project = require("lib.project")

local doctor = {}

local WANTED = { "set_action_options", "AddRemoveReaScript", "ExecProcess", "PCM_Source_CreateFromType" }

local function can_write()
  reaper.RecursiveCreateDirectory(mailbox.path(), 0)
  local probe = mailbox.path("doctor.txt")
  local ok, problem = files.write(probe, "written by partimento: Doctor")
  os.remove(probe)
  return ok, problem
end

local function bridge_lines(say)
  local said = mailbox.bridge()
  local alive = bridge.alive()
  if not said then
    say("–", "The bridge has not run for this REAPER yet.", "Any request starts it with: " .. bridge.command())
  elseif not alive then
    say("–", "The bridge does not run.", "Any request starts it with: " .. bridge.command())
  elseif bridge.misfit(alive) then
    say("✗", bridge.misfit(alive))
  else
    say("✓", ("The bridge runs: version %s, process %d."):format(alive.version, alive.pid))
  end
end

local function missing()
  local names = {}
  for _, name in ipairs(WANTED) do
    if not reaper.APIExists(name) then names[#names + 1] = name end
  end
  return names
end

--- The page's lines.
function doctor.page()
  local lines = { "partimento: Doctor", "" }
  local function say(mark, sentence, hint)
    lines[#lines + 1] = mark .. " " .. sentence
    if hint and hint ~= "" then lines[#lines + 1] = "    " .. hint end
  end
  say("✓", machine.words() .. ".")
  local lacking = missing()
  if #lacking > 0 then
    say("✗", "This REAPER lacks " .. table.concat(lacking, ", ") .. ".", "Update REAPER to 7.0 or newer.")
  end
  local ok, problem = can_write()
  if ok then
    say("✓", "The mailbox can be written: " .. mailbox.path())
  else
    say("✗", "The mailbox cannot be written: " .. tostring(problem), "Check the rights of " .. mailbox.path())
  end
  bridge_lines(say)
  local awake = action.is_agent_awake()
  say(awake and "✓" or "–", awake and "The agent runs." or "The agent sleeps; the next request wakes it.")
  say("✓", ("%d jobs are open, %d are on the shelf."):format(#mailbox.open_jobs(), #mailbox.history()))
  local id = project.get(project.front(), "id")
  say("✓", id ~= "" and "This project is known as " .. id .. "." or "This project is new to partimento.")
  return table.concat(lines, "\n") .. "\n"
end

function doctor.run()
  action.run(function() messages.page(doctor.page()) end)
end

return doctor
