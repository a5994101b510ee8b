-- @description partimento: Reduce to piano
-- @version 0.1.0
-- @author The partimento authors
-- @about Plays the selected music on one piano.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("reduce")
