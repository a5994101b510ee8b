-- Long work in short steps: a coroutine that gives the tick back before REAPER's window feels it.

local steps = {}

local BUDGET = 0.009 -- seconds of a tick of about 33 ms; REAPER needs the rest
local deadline = math.huge

--- Lets REAPER go on when this tick's share is spent. `check`, when given, runs after every pause.
function steps.breathe(check)
  if not coroutine.isyieldable() or reaper.time_precise() < deadline then return end
  coroutine.yield()
  if check then check() end
end

--- Waits until the next tick whatever the time.
function steps.wait() coroutine.yield() end

--- Runs `work` over as many ticks as it needs, then `done(true, …)` with its results or `done(false, problem)`.
function steps.run(work, done)
  local thread = coroutine.create(work)
  local function turn()
    deadline = reaper.time_precise() + BUDGET
    local results = table.pack(coroutine.resume(thread))
    deadline = math.huge
    if coroutine.status(thread) ~= "dead" then return reaper.defer(turn) end
    if results[1] == false then
      local problem = results[2]
      if type(problem) == "string" then problem = debug.traceback(thread, problem) end
      return done(false, problem)
    end
    done(true, table.unpack(results, 2, results.n))
  end
  turn()
end

return steps
