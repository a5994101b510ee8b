-- The bridge as seen from here: whether it lives, whether it fits, and how to start it.

local files = require("lib.files")
local json = require("lib.json")
local mailbox = require("lib.mailbox")
local messages = require("lib.messages")
local VERSION = require("lib.version")

local bridge = {}

local SILENT = 5 -- seconds without a heartbeat after which it is gone
local START = 15 -- seconds it may take to begin, on a slow disk
local NO_WAIT = -1
local LEAVE_AFTER = 120 -- seconds without a sign of REAPER after which a bridge that we have started ends

local started, complained, refused

-- Major and minor version as one number, or nil.
local function release(version)
  local major, minor = tostring(version):match("^(%d+)%.(%d+)")
  return major and tonumber(major) * 100000 + tonumber(minor)
end

--- What the bridge says of itself while it lives, or nil.
function bridge.alive()
  local said = mailbox.bridge()
  if not said or said.state ~= "ready" or type(said.beat) ~= "number" then return nil end
  return math.abs(os.time() - said.beat) <= SILENT and said or nil
end

--- Nothing when a bridge and these scripts fit; else the sentence that says so, and which of them to update.
function bridge.misfit(said)
  local theirs, ours = release(said.version), release(VERSION)
  if theirs == ours then return nil end
  if not theirs or theirs < ours then return messages.pair("old_bridge", said.version, VERSION, said.pid or 0) end
  return messages.pair("old_scripts", said.version, VERSION)
end

--- Whether of this bridge it has not been said yet that it does not fit: one word about it is enough.
function bridge.is_news(said)
  if not said or said.token ~= refused then
    refused = said and said.token
    return true
  end
  return false
end

--- The words that start the bridge: as the installation noted them, else the command on the path.
function bridge.command()
  local text = files.read(mailbox.path("install.json"))
  local receipt = text and json.decode(text)
  local words = type(receipt) == "table" and receipt.command or { "partimento" }
  local line = {}
  for i, word in ipairs(words) do line[i] = '"' .. word .. '"' end
  local call = table.concat(line, " ")
  return ('%s serve --resource-path "%s" --leave-after %d'):format(call, reaper.GetResourcePath(), LEAVE_AFTER)
end

--- Starts the bridge when it is not there.
function bridge.ensure()
  if not bridge.alive() then reaper.ExecProcess(bridge.command(), NO_WAIT) end
end

--- Looks whether the bridge does its part while something waits for it, and starts it when it is not there.
--- Returns a sentence and a hint when the musician must do something; each is said once.
function bridge.look(now, is_waiting)
  if not is_waiting then
    started, complained = nil, nil
    return nil
  end
  local said = bridge.alive()
  if said then
    started, complained = nil, nil
    if not bridge.misfit(said) or not bridge.is_news(said) then return nil end
    return bridge.misfit(said)
  end
  if not started then
    started = now
    reaper.ExecProcess(bridge.command(), NO_WAIT)
  elseif now - started > START and not complained then
    complained = true
    return messages.pair("no_bridge")
  end
  return nil
end

return bridge
