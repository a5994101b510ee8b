-- @description partimento: Cancel
-- @version 0.1.0
-- @author The partimento authors
-- @about Gives up everything that is still asked for.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.cancel").run()
