-- @description partimento: Set up live
-- @version 0.1.0
-- @author The partimento authors
-- @about Adds a track that hears every MIDI input, ready to play through.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.live").set_up()
