-- @description partimento: Again
-- @version 0.1.0
-- @author The partimento authors
-- @about Repeats the last request with the next seed.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").again()
