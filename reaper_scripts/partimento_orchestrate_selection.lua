-- @description partimento: Orchestrate selection
-- @version 0.1.0
-- @author The partimento authors
-- @about Spreads the selected music over chosen instruments.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("orchestrate")
