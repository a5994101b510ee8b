-- Long work in short steps: a coroutine that gives the tick back before REAPER's window feels it.

local steps = {}

local BUDGET = 0.012 -- seconds of a tick of about 33 ms; REAPER needs the rest
local FIRST = 0.005 -- of a tick in which something else was done before, such as loading the script
local deadline = math.huge

--- Lets REAPER go on when this tick's share is spent, or has fewer seconds left than `ahead`, for work that cannot pause.
--- `check`, when given, runs after every pause.
function steps.breathe(check, ahead)
  if not coroutine.isyieldable() or reaper.time_precise() + (ahead or 0) < deadline then return end
  coroutine.yield()
  if check then check() end
end

--- The same as a function of `ahead` alone, for work that knows nothing of ticks.
function steps.pausing(check)
  return function(ahead) steps.breathe(check, ahead) end
end

--- Waits until the next tick whatever the time.
function steps.wait() coroutine.yield() end

--- Runs `work` over as many ticks as it needs, then `done(true, …)` with its results or `done(false, problem)`.
--- `is_begun` says that this tick has done something before.
function steps.run(work, done, is_begun)
  local thread = coroutine.create(work)
  local budget = is_begun and FIRST or BUDGET
  local function turn()
    deadline = reaper.time_precise() + budget
    budget = BUDGET
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
