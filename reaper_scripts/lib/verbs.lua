-- What can be asked of the engines: what must be selected, what is chosen, and what the request then says.

local action = require("lib.action")
local bars = require("lib.bars")
local chooser = require("lib.chooser")
local faults = require("lib.faults")
local json = require("lib.json")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local needs = require("lib.needs")
local project = require("lib.project")
local reader = require("lib.reader")
local read_time = require("lib.read_time")
local stated = require("lib.stated")
local steps = require("lib.steps")

local verbs = {}

local JOINING = 0.006 -- seconds in which a large request's parts become one text

local kinds = chooser.kinds
local STYLE = { key = "style", caption = "Style (empty: any)", kind = kinds.text, otherwise = "" }
local BAND = { key = "band", caption = "Band (empty: piano)", kind = kinds.text, otherwise = "" }
local TAKES = { key = "takes", caption = "Takes (1-16)", kind = kinds.whole(1, 16), otherwise = "1" }
local FILLS = { key = "fills", caption = "Takes (1-16)", kind = kinds.whole(1, 16), otherwise = "4" }
local DENSITY = { key = "density", caption = "Density (0-1; empty: as it is)", kind = kinds.unit, otherwise = "" }
local PROMPT = { key = "prompt", caption = "What song shall it be?", kind = kinds.text, otherwise = "" }
local KEPT = { key = "bars", caption = "How many bars", kind = kinds.whole(1, 256), otherwise = "8" }

-- The bars of the time selection on every selected track, as `mask/1`.
local function mask_of(request)
  local ruler, cells = bars.ruler(request.time.meter), json.array()
  local chosen = {}
  for _, guid in ipairs(request.selection.tracks) do chosen[guid] = true end
  local from, to = request.selection.from_qn, request.selection.to_qn
  local from_bar, from_beat = bars.position(ruler, from)
  local to_bar, to_beat = bars.position(ruler, to)
  for _, track in ipairs(request.tracks) do
    if chosen[track.guid] then
      cells[#cells + 1] = {
        track = track.name,
        from = json.array({ from_bar, from_beat + 0.0 }),
        to = json.array({ to_bar, to_beat + 0.0 }),
      }
    end
  end
  return { schema = "mask/1", cells = cells, keep = json.array(), curves = {} }
end

local function fill(task)
  return function(chosen)
    return { task = task, takes = chosen.fills, density = chosen.density, grid = read_time.grid(project.front()) }
  end
end

local function plan_of(handle)
  local text = project.get(handle, "plan")
  local plan = text ~= "" and json.decode(text)
  if not plan then faults.raise(messages.pair("no_plan")) end
  return plan
end

local function as_chosen(chosen) return { style = chosen.style, band = chosen.band, takes = chosen.takes } end

local function as_drums(chosen) return { add = "drums", style = chosen.style, takes = chosen.takes } end

local function planned_anew(_, handle) return { regenerate = "section:" .. needs.region(handle) } end

local function nothing() return {} end

verbs.all = {
  arrange = { verb = "arrange", need = needs.melody, ask = { STYLE, BAND, TAKES }, options = as_chosen },
  orchestrate = { verb = "orchestrate", need = needs.music, ask = { BAND, STYLE, TAKES }, options = as_chosen },
  reduce = { verb = "orchestrate", need = needs.music, options = function() return { to = "piano" } end },
  drums = { verb = "orchestrate", need = needs.music, ask = { STYLE, TAKES }, options = as_drums },
  fill = { verb = "fill", need = needs.hole, ask = { FILLS, DENSITY }, options = fill("fill"), mask = mask_of },
  vary = { verb = "fill", need = needs.hole, ask = { FILLS, DENSITY }, options = fill("vary"), mask = mask_of },
  continue = { verb = "fill", need = needs.hole, ask = { FILLS, DENSITY }, options = fill("continue"), mask = mask_of },
  plan = { verb = "plan", ask = { PROMPT }, options = function(chosen) return { prompt = chosen.prompt or "" } end },
  replan = { verb = "plan", options = planned_anew, plan = plan_of },
  apply = { verb = "apply", options = nothing, plan = plan_of },
  keep = { verb = "live-capture", ask = { KEPT }, options = function(chosen) return { bars = chosen.bars or 8 } end },
  detect = { verb = "detect", options = nothing },
}

local TITLES = {
  arrange = "Arrange selected melody",
  orchestrate = "Orchestrate selection",
  reduce = "Reduce to piano",
  drums = "Add drums",
  fill = "Fill time selection",
  vary = "Vary",
  continue = "Continue",
  plan = "Plan song",
  replan = "Re-plan selected region",
  apply = "Apply plan",
  keep = "Keep last bars",
  detect = "Detect chords and phrases",
}

-- The seed and the stretches for *Again*: where chords were changed, the same music goes on around what is played anew;
-- otherwise everything is played in another way.
local function play_anew(request, last, handle)
  local played = json.decode(project.get(handle, "played")) or {}
  local anew = stated.changed(stated.of(request), last.chords or {}, played)
  if #anew == 0 then request.options.seed = (request.options.seed or 1) + 1 end
  return anew
end

-- Reads, sends, and remembers for *Again* what was asked with choices of the musician's. `last` is what *Again* repeats, and
-- `selection` what it was asked of, where nothing else is selected.
local function send(name, handle, options, last, selection)
  local verb = verbs.all[name]
  local plan = verb.plan and verb.plan(handle)
  local request = reader.read(verb.verb, options, selection)
  if verb.mask then request.mask = verb.mask(request) end
  if plan then request.plan = plan end
  if verb.need == needs.melody then needs.notes_in(request) end
  local anew = last and play_anew(request, last, handle)
  steps.breathe(nil, JOINING)
  mailbox.send(request, anew, steps.pausing())
  if verb.ask then
    local chords = json.array(stated.of(request))
    local asked = { name = name, options = options, selection = request.selection, chords = chords }
    project.set(handle, "last", json.encode(asked))
  end
  messages.whisper(TITLES[name] .. " …")
  steps.wait() -- the agent's own start is work for a tick of its own
  action.wake()
end

--- Runs one verb from its key press on.
function verbs.run(name)
  action.run(function()
    local verb, handle = verbs.all[name], project.front()
    if verb.need then verb.need(handle) end
    local chosen = {}
    if verb.ask then chosen = chooser.ask(handle, TITLES[name], verb.ask) end
    if not chosen then return end
    local options = verb.options(chosen, handle)
    options.seed = 1
    send(name, handle, options)
  end)
end

--- The last request once more, on the project as it is now.
function verbs.again()
  action.run(function()
    local handle = project.front()
    local last = json.decode(project.get(handle, "last"))
    if not last or not verbs.all[last.name] then faults.raise(messages.pair("nothing_to_repeat")) end
    local verb, selection = verbs.all[last.name], nil
    if verb.need == needs.melody and needs.only_ours(handle) then
      selection = last.selection -- whoever chooses among our takes has those selected, and no melody
    elseif verb.need then
      verb.need(handle)
    end
    send(last.name, handle, last.options, last, selection)
  end)
end

return verbs
