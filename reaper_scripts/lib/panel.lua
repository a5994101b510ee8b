-- The clip panel: every clip of the last jobs in a small window. Drag one into the arrangement, or use the keys.

local action = require("lib.action")
local clip_list = require("lib.clip_list")
local drop = require("lib.drop")
local faults = require("lib.faults")
local insert = require("lib.insert")
local json = require("lib.json")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local project = require("lib.project")
local steps = require("lib.steps")

local panel = {}

local TITLE = "partimento: clips"
local WIDTH, HEIGHT, ROW, HEAD, INDENT = 400, 430, 24, 46, 10
local MOST = 200
local AGAIN = 3 -- seconds after which the shelf is looked through again
local KEYS = { up = 30064, down = 1685026670, enter = 13, escape = 27, explorer = ("o"):byte(), whole = ("w"):byte() }
local DRAG, PRESS = "Drag a clip into the arrangement, or press", "Enter: at the cursor · w: all of it · o: folder"
local NONE = "No clips yet: ask for an arrangement."

local state

local function rows_shown() return math.max(1, (gfx.h - HEAD) // ROW) end

local function choose(index)
  if #state.list == 0 then return end
  state.chosen = math.max(1, math.min(#state.list, index))
  state.top = math.max(state.chosen - rows_shown() + 1, math.min(state.top, state.chosen))
  clip_list.choose(state.list[state.chosen])
  messages.whisper(state.list[state.chosen].name)
end

-- As much of the words as there is room for.
local function fitted(words, room)
  local count = utf8.len(words)
  local kept = words
  while count and count > 0 and gfx.measurestr(kept) > room do
    count = count - 1
    kept = words:sub(1, utf8.offset(words, count + 1) - 1) .. "…"
  end
  return kept
end

local function write(words, x, y, room)
  gfx.x, gfx.y = x, y
  gfx.drawstr(fitted(words, room))
end

-- What a clip belongs to stands beside the first of its kind in view, and a line parts it from the result above.
local function draw_row(place, index)
  local clip, before, y = state.list[index], state.list[index - 1], HEAD + (place - 1) * ROW
  if index == state.chosen then
    gfx.set(0.20, 0.35, 0.55)
    gfx.rect(0, y, gfx.w, ROW, 1)
  end
  local is_first = not before or before.job ~= clip.job
  if is_first and place > 1 then
    gfx.set(0.32, 0.34, 0.38)
    gfx.line(0, y, gfx.w, y)
  end
  local room = gfx.w - 2 * INDENT
  if is_first or place == 1 then
    local width = math.min(gfx.measurestr(clip.label), room / 2)
    gfx.set(0.66, 0.68, 0.72)
    write(clip.label, gfx.w - INDENT - width, y + 4, width)
    room = room - width - INDENT
  end
  gfx.set(0.92, 0.92, 0.92)
  write(clip.name, INDENT, y + 4, room)
end

-- How far down the list the rows in view are.
local function draw_bar()
  local shown, all = rows_shown(), #state.list
  if all <= shown then return end
  local height = gfx.h - HEAD
  gfx.set(0.40, 0.42, 0.46)
  gfx.rect(gfx.w - 4, HEAD + height * (state.top - 1) / all, 3, height * shown / all, 1)
end

local function draw()
  gfx.set(0.13, 0.14, 0.16)
  gfx.rect(0, 0, gfx.w, gfx.h, 1)
  gfx.set(0.66, 0.68, 0.72)
  local room = gfx.w - 2 * INDENT
  write(#state.list > 0 and DRAG or NONE, INDENT, 6, room)
  if #state.list > 0 then write(PRESS, INDENT, 24, room) end
  for place = 1, math.min(rows_shown(), #state.list - state.top + 1) do draw_row(place, state.top + place - 1) end
  draw_bar()
  gfx.update()
end

local function in_steps(work)
  steps.run(work, function(ok, problem)
    if not ok then action.report(problem) end
  end)
end

-- The whole result that a clip is part of, once more; the agent writes it into its own project only.
local function write_all(clip)
  local result = mailbox.result(clip.job, steps.pausing())
  local expects = type(result) == "table" and json.given(result.expects) or {}
  local id = json.given(expects.project)
  if id and not project.is(project.front(), id) then faults.raise(messages.pair("other_project")) end
  mailbox.reopen(clip.job)
  action.wake()
end

local function let_go(clip)
  local handle = project.front()
  local target = drop.target(handle)
  if target then in_steps(function() insert.at(handle, clip, target.track, target.qn) end) end
end

-- While the button is down the window keeps the mouse, also outside; letting go there is a drop.
local function mouse()
  local down = gfx.mouse_cap & 1 == 1
  local inside = gfx.mouse_x >= 0 and gfx.mouse_x < gfx.w and gfx.mouse_y >= 0 and gfx.mouse_y < gfx.h
  if down and not state.down and inside and gfx.mouse_y >= HEAD then
    local index = state.top + math.floor((gfx.mouse_y - HEAD) / ROW)
    if state.list[index] then
      choose(index)
      state.dragged = state.list[index]
    end
  elseif not down and state.dragged then
    local clip = state.dragged
    state.dragged = nil
    if not inside then let_go(clip) end
  end
  state.down = down
  if gfx.mouse_wheel ~= 0 then
    local step = gfx.mouse_wheel > 0 and -3 or 3
    gfx.mouse_wheel = 0
    state.top = math.max(1, math.min(math.max(1, #state.list - rows_shown() + 1), state.top + step))
  end
end

-- Returns false when the window is to close.
local function keys()
  local key = math.floor(gfx.getchar())
  if key == -1 or key == KEYS.escape then return false end
  local clip = state.list[state.chosen]
  if key == KEYS.up then choose(state.chosen - 1) end
  if key == KEYS.down then choose(state.chosen + 1) end
  if key == KEYS.enter and clip then in_steps(function() insert.at_cursor(clip) end) end
  if key == KEYS.explorer and clip then reaper.OpenMediaExplorer(clip_list.path(clip), false) end
  if key == KEYS.whole and clip then in_steps(function() write_all(clip) end) end
  return true
end

local function refresh(now)
  if state.reading or now - state.read < AGAIN then return end
  state.reading, state.read = true, now
  steps.run(function() return clip_list.read(MOST) end, function(ok, list)
    state.reading = false
    if not ok then return action.report(list) end
    state.list = list
    state.top = math.max(1, math.min(state.top, #list))
    state.chosen = math.max(1, math.min(state.chosen, #list))
  end)
end

local function turn()
  if not keys() then
    gfx.quit()
    return
  end
  refresh(reaper.time_precise())
  mouse()
  draw()
  reaper.defer(turn)
end

--- Opens the panel; started again it opens anew.
function panel.run()
  action.restart_when_run_again()
  state = { list = {}, chosen = 1, top = 1, down = false, read = -math.huge }
  gfx.init(TITLE, WIDTH, HEIGHT, 0)
  gfx.setfont(1, "Arial", 15)
  messages.whisper("clips: " .. PRESS)
  turn()
end

return panel
