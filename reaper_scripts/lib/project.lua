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

local function is_taken(handle, id)
  local index = 0
  while true do
    local other = reaper.EnumProjects(index)
    if not other then return false end
    if other ~= handle and stored_id(other) == id then return true end
    index = index + 1
  end
end

--- The project's id, kept in it. A copy that is open beside its original gets one of its own.
function project.id(handle)
  local id = stored_id(handle)
  if id ~= "" and not is_taken(handle, id) then return id end
  id = reaper.genGuid()
  reaper.SetProjExtState(handle, SECTION, "id", id)
  return id
end

--- Whether a tab is the one of that id; asks without marking it.
function project.is(handle, id) return stored_id(handle) == id end

--- Whether any open tab has that id.
function project.is_open(id) return is_taken(nil, id) end

function project.get(handle, key)
  local _, value = reaper.GetProjExtState(handle, SECTION, key)
  return value
end

function project.set(handle, key, value) reaper.SetProjExtState(handle, SECTION, key, value) end

return project
