-- When a result has been written: what later runs build on, and what a musician should know beside what they see.

local json = require("lib.json")
local project = require("lib.project")

local outcome = {}

local given = json.given

local function report_of(result)
  local report = given(result.report)
  return type(report) == "table" and report or {}
end

--- Keeps in the project the plan, and the chords that were played.
function outcome.keep(handle, result)
  local plan, source = given(report_of(result).plan), given(report_of(result).source)
  if plan then project.set(handle, "plan", json.encode(plan)) end
  local chords = type(source) == "table" and given(source.chords)
  if chords then project.set(handle, "played", json.encode(chords)) end
end

-- What the bridge has to say beside the music: of what it made, or of what it heard.
local function warnings_of(report)
  local heard = given(report.analysis)
  local warnings = given((type(heard) == "table" and heard or report).warnings)
  return type(warnings) == "table" and warnings or {}
end

--- What the musician should know of a result that is there: in one line, since the next would take its place. `state` is
--- the writer's.
function outcome.news(result, state)
  local said = { result.label, state.count > 0 and "written" or "there was nothing to write" }
  local function add(sentence) said[#said + 1] = sentence end
  if #state.silent > 0 then add("no instrument was found for " .. table.concat(state.silent, ", ")) end
  if state.adopted == 1 then add("1 item was left as you have it") end
  if state.adopted > 1 then add(state.adopted .. " items were left as you have them") end
  for _, warning in ipairs(warnings_of(report_of(result))) do
    if type(warning) == "table" and type(warning.message) == "string" then add(warning.message) end
  end
  return table.concat(said, " · ")
end

return outcome
