-- How an action runs: its work in steps, its faults as sentences, and the agent awake behind it.

local faults = require("lib.faults")
local messages = require("lib.messages")
local steps = require("lib.steps")

local action = {}

local SECTION = "partimento"
local AGENT = "partimento_agent.lua"
local RESTART = 3 -- started again while it runs: end, and begin anew
local STALE = 1.5 -- seconds without a sign of the agent

--- The folder of these scripts.
function action.folder()
  local _, file = reaper.get_action_context()
  return file:match("^.*[/\\]")
end

--- Says once what REAPER shall do when a script that still runs is started again.
function action.restart_when_run_again()
  if reaper.APIExists("set_action_options") then reaper.set_action_options(RESTART) end
end

--- The agent's sign of life.
function action.beat(now) reaper.SetExtState(SECTION, "agent", ("%.3f"):format(now), false) end

--- Whether the agent runs in this REAPER.
function action.is_agent_awake()
  local beat = tonumber(reaper.GetExtState(SECTION, "agent"))
  return beat ~= nil and math.abs(reaper.time_precise() - beat) < STALE
end

--- Starts the agent unless it runs.
function action.wake()
  if action.is_agent_awake() then return end
  local command = reaper.AddRemoveReaScript(true, 0, action.folder() .. AGENT, true)
  if command > 0 then reaper.Main_OnCommand(command, 0) end
end

--- Shows a fault of ours; anything else is a slip and goes to REAPER's own window with its traceback.
function action.report(problem)
  if not faults.is(problem) then error(problem, 0) end
  messages.show(problem.message, problem.hint)
end

--- Runs an action.
function action.run(work)
  action.restart_when_run_again()
  reaper.defer(function() end) -- no undo point for merely looking
  steps.run(work, function(ok, problem)
    if not ok then action.report(problem) end
  end, true)
end

return action
