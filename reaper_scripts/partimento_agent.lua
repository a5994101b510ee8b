-- @description partimento: Agent
-- @version 0.1.0
-- @author The partimento authors
-- @about Runs in the background and brings the results. REAPER starts it; other actions start it when it is not there.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.agent").run()
