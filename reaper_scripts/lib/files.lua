-- Small files, written so that a reader on the other side never sees half of one.

local files = {}

local IS_WINDOWS = package.config:sub(1, 1) == "\\"

--- Parts of a path joined with `/`, which works everywhere. On Windows a path may begin with a server's name, `//server/share`.
function files.join(...)
  local path = table.concat({ ... }, "/")
  if IS_WINDOWS then path = path:gsub("\\", "/") end
  local server = IS_WINDOWS and path:match("^//[^/]") and "/" or ""
  return server .. path:gsub("//+", "/")
end

--- The whole file, or nil.
function files.read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

local function written(path, text)
  local file, problem = io.open(path, "wb")
  if not file then return nil, problem end
  local ok, why = file:write(text)
  local closed, late = file:close() -- a full disk is often noticed only here
  if ok and closed then return true end
  os.remove(path)
  return nil, why or late
end

--- Writes under another name, then renames. Returns true, or nil and the system's words.
function files.write(path, text)
  local aside = path .. ".part"
  local ok, problem = written(aside, text)
  if not ok then return nil, problem end
  if os.rename(aside, path) then return true end
  os.remove(path) -- Windows renames onto no file that exists
  ok, problem = os.rename(aside, path)
  if not ok then
    os.remove(aside)
    return nil, problem
  end
  return true
end

--- Whether something of that name can be read.
function files.exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

return files
