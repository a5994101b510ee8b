-- @description partimento: Add drums
-- @version 0.1.0
-- @author The partimento authors
-- @about Adds a drum part to the selected music.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("drums")
