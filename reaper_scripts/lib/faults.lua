-- What went wrong in words for a musician, apart from slips of ours: those stay plain Lua errors with a traceback.

local faults = {}

local Fault = { __tostring = function(self) return self.message .. " " .. self.hint end }

--- Ends what is being done with one sentence and what to do next.
function faults.raise(message, hint) error(setmetatable({ message = message, hint = hint }, Fault), 0) end

function faults.is(problem) return getmetatable(problem) == Fault end

return faults
