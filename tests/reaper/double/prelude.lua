-- Runs first in every script's own Lua state. Puts `reaper` and `gfx` there and takes away what no script may use.
local call, lookup, refuse, late, fail, gfx_call, gfx_get, gfx_set, printed, windows, disk_is_full, located, stride = ...

-- Says which line of the script broke a rule, and raises the error there.
local function raise(why)
  for level = 3, 12 do
    local place = debug.getinfo(level, "Sl")
    if place and place.currentline > 0 and place.source ~= "=prelude" then
      located(place.short_src, place.currentline)
      break
    end
  end
  error(why, 3)
end

local function checked(first, ...)
  if rawequal(first, fail) then raise((...)) end
  return first, ...
end

local function without_values(first, ...)
  if rawequal(first, fail) then raise((...)) end
end

local function wrap(name, how, through)
  if how == "void" then
    return function(...) without_values(through(name, ...)) end
  end
  return function(...) return checked(through(name, ...)) end
end

reaper = setmetatable({}, {
  __index = function(table_, name)
    local how = checked(lookup(name))
    if how == nil then return nil end
    local made = wrap(name, how, call)
    rawset(table_, name, made)
    return made
  end,
  __newindex = function(_, name) checked(refuse("reaper." .. tostring(name) .. " was assigned to: that table is REAPER's")) end,
})

local gfx_functions = {}
gfx = setmetatable({}, {
  __index = function(_, name)
    local made = gfx_functions[name]
    if made then return made end
    local how, value = checked(gfx_get(name))
    if how == "variable" then return value end
    made = wrap(name, how, gfx_call)
    gfx_functions[name] = made
    return made
  end,
  __newindex = function(_, name, value) checked(gfx_set(name, value)) end,
})

for _, owner in ipairs({ { os, "os", "exit" }, { os, "os", "execute" }, { io, "io", "popen" } }) do
  local library, title, name = owner[1], owner[2], owner[3]
  library[name] = function() checked(refuse(title .. "." .. name .. ": it ends or stops REAPER itself")) end
end

local open, rename = io.open, os.rename
local function is_there(path)
  local file = open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

os.rename = function(from, to)
  if windows and is_there(to) then return nil, to .. ": File exists", 17 end -- as Windows does
  return rename(from, to)
end

io.open = function(path, mode)
  if disk_is_full() and mode and mode:find("[wa+]") then
    local file, why, code = open(path, mode)
    if not file then return file, why, code end
    file:close()
    return open("/dev/full", mode) -- the file is there, and what is written into it fails when it is flushed
  end
  return open(path, mode)
end

print = function(...)
  local words = table.pack(...)
  for i = 1, words.n do words[i] = tostring(words[i]) end
  printed(table.concat(words, "\t"))
end
python = nil
package.loaded.python = nil
package.path, package.cpath = "", ""

local function look()
  local found, why = late()
  if rawequal(found, fail) then
    debug.sethook(function() error(why, 0) end, "", 1) -- at every instruction now, so that no pcall in a loop outlives it
    error(why, 0)
  end
end

debug.sethook(look, "", stride)

-- A coroutine has a hook of its own, so each gets this one.
local create, resume, hook = coroutine.create, coroutine.resume, debug.sethook
coroutine.create = function(work)
  local thread = create(work)
  hook(thread, look, "", stride)
  return thread
end
coroutine.wrap = function(work)
  local thread = coroutine.create(work)
  local function passed(ok, ...)
    if not ok then error((...), 0) end
    return ...
  end
  return function(...) return passed(resume(thread, ...)) end
end

local function traced(why)
  return debug.traceback(tostring(why), 2)
end

local function protected(chunk, ...)
  return xpcall(chunk, traced, ...)
end

local function from_file(path)
  local chunk, why = loadfile(path)
  if not chunk then return false, why end
  return protected(chunk)
end

local function from_text(text, name)
  local chunk, why = load(text, name)
  if not chunk then return false, why end
  return protected(chunk)
end

return protected, from_file, from_text
