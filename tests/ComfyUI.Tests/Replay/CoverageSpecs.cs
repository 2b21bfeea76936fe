namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>Which recording is played by which specs. A recording without any, and one that is gone, are failures.</summary>
public sealed class CoverageSpecs
{
    private const string Ends = nameof(RecordedPromptSpecs.A_prompt_comes_to_what_it_came_to_when_it_was_recorded);
    private const string Uploads = nameof(RecordedFileSpecs.An_upload_is_known_by_the_recorded_name_or_fails_as_recorded);
    private const string Views = nameof(RecordedFileSpecs.A_file_is_shown_as_recorded_or_not_at_all);
    private const string Previews = nameof(ContentSpecs.Previews_of_both_forms_come_with_their_prompt_and_node);
    private const string TakenBack = nameof(RaceSpecs.A_prompt_that_is_accepted_in_part_is_refused_and_taken_back);

    private static readonly Dictionary<string, string[]> Specs = new()
    {
        ["a2_preview_frames_legacy"] = [Ends, Previews, nameof(ContentSpecs.Previews_that_nobody_asked_for_are_dropped)],
        ["a2_preview_frames_metadata"] = [Ends, Previews],
        ["a3_vhs_video_combine"] = [Ends, Uploads, Views, nameof(DownloadSpecs.A_download_that_is_cut_goes_on_where_it_stopped)],
        ["a_success"] = [Ends, Uploads, Views, nameof(ContentSpecs.Bare_not_a_number_in_messages_and_history_does_no_harm)],
        ["b_cached"] = [Ends, Views, nameof(ContentSpecs.Only_files_that_the_cache_remembers_are_looked_for)],
        ["c2_infinitetalk_graph"] = [Ends, TakenBack],
        ["c_validation"] = [Ends, TakenBack],
        ["d2_load_errors"] = [Ends],
        ["d_execution_error"] = [Ends, nameof(ContentSpecs.A_traceback_and_inputs_of_many_kilobytes_arrive_whole)],
        ["e_interrupt"] = [Ends, nameof(RaceSpecs.An_interrupt_that_is_lost_is_repeated_until_the_prompt_is_seen_to_be_over)],
        ["f_queue"] =
        [
            Ends,
            nameof(RaceSpecs.A_pending_prompt_that_is_cancelled_is_deleted_and_the_running_one_left_alone),
            nameof(RaceSpecs.A_pending_prompt_that_somebody_deletes_is_lost_though_nobody_says_so),
            nameof(ContentSpecs.The_socket_is_read_to_its_end_however_slow_the_callback_is),
        ],
        ["g_upload_view"] = [Uploads, Views],
        ["h_info"] = [nameof(RecordedAnswerSpecs.What_the_server_says_of_itself_is_read)],
        ["i1_reconnect_midrun"] = [Ends, nameof(RaceSpecs.A_socket_that_is_lost_is_replaced_under_another_id_and_the_prompt_goes_on)],
        ["i2_second_socket_same_id"] = [Ends, nameof(RaceSpecs.A_socket_whose_id_another_took_is_not_waited_for)],
        ["i3_no_client_id"] = [Ends, nameof(RaceSpecs.What_is_told_of_others_prompts_is_not_taken_for_ones_own)],
        ["i4_late_connect"] =
        [
            Ends,
            nameof(RaceSpecs.A_prompt_that_begins_without_any_socket_is_followed_by_asking),
            nameof(RecordedAnswerSpecs.A_server_that_has_no_socket_there_costs_the_messages_only),
        ],
        ["j_kill_restart"] =
        [
            Ends,
            Views,
            nameof(RaceSpecs.Prompts_that_a_killed_server_had_are_lost_as_soon_as_it_is_back),
            nameof(RaceSpecs.A_server_that_is_killed_and_stays_away_is_gone),
        ],
        ["k_bad_requests"] = [Ends, Uploads, nameof(RecordedAnswerSpecs.A_route_that_is_not_there_is_told_from_an_error)],
        ["l_multipart_raw"] = [Uploads],
        ["n_stalled_reader"] = [Ends, nameof(RaceSpecs.Messages_that_another_client_holds_up_are_not_waited_for)],
        ["o_odd_ids"] = [Ends],
        ["race_history_after_success"] = [nameof(RaceSpecs.History_that_lags_behind_the_end_is_waited_for)],
        ["race_interrupt_after_submit"] = [nameof(RaceSpecs.An_interrupt_that_is_lost_is_repeated_until_the_prompt_is_seen_to_be_over)],
    };

    [Fact]
    public void Every_recording_is_played()
    {
        Assert.Equal(Recording.Names, Specs.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            RecordedEnds.Recordings.Order(StringComparer.Ordinal),
            Specs.Where(specs => specs.Value.Contains(Ends)).Select(specs => specs.Key).Order(StringComparer.Ordinal));
    }
}
