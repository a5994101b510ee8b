-- @description partimento: Vary
-- @version 0.1.0
-- @author The partimento authors
-- @about Writes variations of what the selected tracks play in the time selection.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("vary")
