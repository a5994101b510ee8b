-- @description partimento: Reject
-- @version 0.1.0
-- @author The partimento authors
-- @about Sends away what is selected of ours, or the last result.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.choose_takes").reject()
