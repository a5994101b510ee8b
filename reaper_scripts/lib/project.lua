-- The project tab in front, its id, and what belongs to it.

local project = {}

local SECTION = "partimento"

--- The tab in front: its handle and its file ("" before it is saved).
function project.front()
  local handle, file = reaper.EnumProjects(-1)
  return handle, file or ""
end

local function stored_id(handle)
  local _, id = reaper.GetProjExtState(handle, SECTION, "id")
  return id
end

-- How many open tabs have an id.
local function bearers(id)
  local index, count = 0, 0
  while true do
    local handle = reaper.EnumProjects(index)
    if not handle then return count end
    if stored_id(handle) == id then count = count + 1 end
    index = index + 1
  end
end

--- The project's id, kept in it. A copy that is open beside its original gets one of its own.
function project.id(handle)
  local id = stored_id(handle)
  if id ~= "" and bearers(id) == 1 then return id end
  id = reaper.genGuid()
  reaper.SetProjExtState(handle, SECTION, "id", id)
  return id
end

--- Whether a tab is the one of that id; asks without marking it.
function project.is(handle, id) return stored_id(handle) == id end

--- Whether a copy with the same id is open beside it, so that the id alone does not tell which is meant.
function project.has_twin(id) return bearers(id) > 1 end

function project.get(handle, key)
  local _, value = reaper.GetProjExtState(handle, SECTION, key)
  return value
end

function project.set(handle, key, value) reaper.SetProjExtState(handle, SECTION, key, value) end

return project
