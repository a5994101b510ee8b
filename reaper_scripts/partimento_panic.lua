-- @description partimento: Panic
-- @version 0.1.0
-- @author The partimento authors
-- @about Silences everything that partimento plays.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.live").panic()
