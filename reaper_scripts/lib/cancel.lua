-- Cancel: everything that is still asked for is given up.

local action = require("lib.action")
local faults = require("lib.faults")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")

local cancel = {}

function cancel.run()
  action.run(function()
    local ids = mailbox.open_jobs()
    if #ids == 0 then faults.raise(messages.pair("nothing_to_cancel")) end
    for _, id in ipairs(ids) do mailbox.cancel(id) end
    messages.whisper("cancelling …")
    action.wake()
  end)
end

return cancel
