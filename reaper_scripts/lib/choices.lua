-- Settings: what actions propose, in one window.

local action = require("lib.action")
local chooser = require("lib.chooser")
local messages = require("lib.messages")
local project = require("lib.project")

local choices = {}

local kinds = chooser.kinds
local MODES = { harmonize = true, accompany = true, trade = true, continue = true, loop = true }

local function mode(line)
  if MODES[line] then return line end
  return nil, "harmonize, accompany, trade, continue or loop"
end

local FIELDS = {
  { key = "style", caption = "Style (empty: any)", kind = kinds.text, otherwise = "" },
  { key = "band", caption = "Band (empty: piano)", kind = kinds.text, otherwise = "" },
  { key = "takes", caption = "Takes of an arrangement (1-16)", kind = kinds.whole(1, 16), otherwise = "1" },
  { key = "fills", caption = "Takes of a fill (1-16)", kind = kinds.whole(1, 16), otherwise = "4" },
  { key = "density", caption = "Density of a fill (0-1; empty: as it is)", kind = kinds.unit, otherwise = "" },
  { key = "bars", caption = "Bars to keep", kind = kinds.whole(1, 256), otherwise = "8" },
  { key = "mode", caption = "Improviser's mode", kind = mode, otherwise = "accompany" },
}

function choices.run()
  action.run(function()
    if chooser.ask(project.front(), "partimento: settings", FIELDS) then messages.whisper("settings kept") end
  end)
end

return choices
