namespace WanTalk.ComfyUI.Tests.Replay;

/// <summary>
/// How each recorded prompt ends for a caller, read from the recordings and not from the client: the beginning of its note (or id), then
/// what it comes to, then its progress as node:value/max.
/// </summary>
internal static class RecordedEnds
{
    /// <summary>The recording does not say; scenarios of their own tell what becomes of such prompts.</summary>
    public const string None = "no end";

    private static readonly Dictionary<string, string> Ends = new(StringComparer.Ordinal)
    {
        ["a2_preview_frames_legacy"] = """
            7f10982b => ok 11=t900 | 10:1/3 10:2/3 10:3/3
            """,
        ["a2_preview_frames_metadata"] = """
            f2c7eecd => ok 11=t901 | 10:1/3 10:2/3 10:3/3
            """,
        ["a3_vhs_video_combine"] = """
            5a4fd72e => ok 6=WanTalk_00001-audio.mp4 | 6:1/10 6:10/10
            bc4d431f => ok 6=WanTalk_00002-audio.mp4 | 6:1/11 6:11/11
            save_output=false => ok 6=WanTalk_00001-audio.mp4 | 6:1/12 6:12/12
            no audio input => ok 6=WanTalk_00003.mp4 | 6:1/13 6:13/13
            """,
        ["a_success"] = """
            403851f5 => ok 4=a_00001_.png 5=ComfyUI_temp_tgjkb_00001_.png 6=hello | 3:1/4 3:3/4 3:4/4
            """,
        ["b_cached"] = """
            first (may already be cached by a_success) => ok 4=a_00002_.png 5=ComfyUI_temp_qpjpb_00001_.png 6=hello | 3:1/4 3:3/4 3:4/4
            identical again => ok 4=a_00002_.png 5=ComfyUI_temp_qpjpb_00001_.png 6=hello
            identical, NO client_id => missing 4
            only SaveImage.filename_prefix changed => ok 4=b_00001_.png 5=ComfyUI_temp_qpjpb_00001_.png 6=hello
            output node without ui, first => ok | 10:1/2 10:2/2
            output node without ui, again: a cached output n => ok
            back to the earlier graph: the cache holds onl => ok 4=b_00002_.png 5=ComfyUI_temp_vsplk_00001_.png 6=hello | 3:1/4 3:3/4 3:4/4
            2f931f5b => missing 4 output/rec/b_00002_.png
            813468c4 => ok 4=b_00002_.png 5=ComfyUI_temp_vsplk_00002_.png 6=hello | 3:1/4 3:3/4 3:4/4
            after /free free_memory: nothing cached => ok 4=b_00003_.png 5=ComfyUI_temp_ussyq_00001_.png 6=hello | 3:1/4 3:3/4 3:4/4
            """,
        ["c2_infinitetalk_graph"] = """
            no model => refused prompt_outputs_failed_validation custom_validation_failed:125,284 value_not_in_list:120,122,129,138,238,241
            inputs present, no models: ACCEPTED with node_er => refused value_not_in_list:120,122,129,138,238,241
            the same without the PreviewAny output: 4 => refused prompt_outputs_failed_validation value_not_in_list:120,122,129,138,238,241
            with empty placeholder model files => failed 194 MultiTalkWav2VecEmbeds TypeError
            """,
        ["c_validation"] = """
            unknown class_type => refused invalid_prompt
            node without class_type => refused invalid_prompt
            missing required input => refused prompt_outputs_failed_validation required_input_missing:2
            INT above max => refused prompt_outputs_failed_validation value_bigger_than_max:3
            INT below min => refused prompt_outputs_failed_validation value_smaller_than_min:3
            INT given as unparsable string => refused prompt_outputs_failed_validation invalid_input_type:3
            combo value not in list => refused prompt_outputs_failed_validation value_not_in_list:3
            link of wrong type (MASK into IMAGE) => refused prompt_outputs_failed_validation return_type_mismatch:3
            link not of length 2 => refused prompt_outputs_failed_validation bad_linked_input:3
            link to a node that is not in the prompt => refused prompt_outputs_failed_validation exception_during_inner_validation:3
            link with slot index out of range => refused prompt_outputs_failed_validation exception_during_inner_validation:3
            cycle => refused prompt_outputs_failed_validation
            no output node => refused prompt_no_outputs
            empty prompt object => refused prompt_no_outputs
            node without inputs key => refused prompt_outputs_failed_validation exception_during_validation:1
            LoadImage: file does not exist => refused prompt_outputs_failed_validation custom_validation_failed:1
            LoadAudio: file does not exist => refused prompt_outputs_failed_validation custom_validation_failed:1
            LoadImage: traversal name => failed 1 LoadImage PIL.UnidentifiedImageError
            LoadImage: name in a subfolder that is not in th => ok 2=ComfyUI_temp_izybh_00001_.png
            LoadImage: annotated name of an output file => ok 2=ComfyUI_temp_izybh_00002_.png
            LoadImage: absolute path that exists => failed 1 LoadImage PIL.UnidentifiedImageError
            FLOAT NaN as string, BOOLEAN from string => failed 10 ProbeSleep ValueError
            two nodes with errors and two out => refused prompt_outputs_failed_validation required_input_missing:2 value_smaller_than_min:3
            prompt is a list => http 500
            no 'prompt' key => refused no_prompt
            prompt null => http 500
            body is a JSON list => refused no_prompt
            one good output and one bad output: ACCEPTED wit => refused exception_during_validation:12
            unknown extra input is ignored; numeric string i => ok 11=t78 | 10:1/2 10:2/2
            partial_execution_targets => ok 12=b | 10:1/2 10:2/2
            """,
        ["d2_load_errors"] = """
            ../main.py => failed 1 LoadImage PIL.UnidentifiedImageError
            absolute => failed 1 LoadImage PIL.UnidentifiedImageError
            a folder => failed 1 LoadImage IsADirectoryError
            zero bytes => failed 1 LoadImage PIL.UnidentifiedImageError
            text => failed 1 LoadImage PIL.UnidentifiedImageError
            truncated png => ok 2=ComfyUI_temp_ltsve_00001_.png
            subfolder name works => ok 2=ComfyUI_temp_ltsve_00002_.png
            LoadAudio of a png => failed 1 LoadAudio ValueError
            LoadAudio of text => failed 1 LoadAudio av.error.InvalidDataError
            keeps the queue busy => ok 11=t1212 | 10:1/5 10:2/5 10:3/5 10:4/5 10:5/5
            valid now, the file is deleted while the prompt => failed 1 LoadImage FileNotFoundError
            """,
        ["d_execution_error"] = """
            3a1834fe => failed 20 ProbeRaise ValueError | 10:1/2 10:2/2
            same again: upstream cached, error raised again => failed 20 ProbeRaise ValueError
            no client_id: look which messages anyone gets => failed 20 ProbeRaise ValueError | 10:1/2 10:2/2
            OOM_EXCEPTION => oom 20 ProbeRaise torch.OutOfMemoryError | 10:1/2 10:2/2
            """,
        ["e_interrupt"] = """
            global interrupt, empty body => interrupted 10 ProbeSleep | 10:1/30 10:2/30 10:3/30 10:4/30
            interrupt with the running prompt_id => interrupted 10 ProbeSleep | 10:1/30 10:2/30 10:3/30 10:4/30
            interrupt with another prompt_id: ignored, the p => ok 11=t203 | 10:1/8 10:2/8 10:3/8 10:4/8 10:8/8
            node that never reports progress: finishes its 1 => interrupted 11 ProbeOut
            2da9d2b7 => ok 11=t205 | 10:1/2 10:2/2
            78d9a72a => interrupted 10 ProbeSleep | 10:1/30 10:2/30 10:3/30 10:4/30
            76a93957 => ok 11=t207 | 10:1/2 10:2/2
            efcabf9d => interrupted 10 ProbeSleep | 10:1/30 10:2/30 10:3/30 10:4/30 10:5/30
            """,
        ["f_queue"] = """
            d9c60668 => ok 11=t301 | 10:1/20 10:2/20 10:3/20 10:4/20 10:5/20 10:6/20 10:20/20
            5ac27618 => no end
            7d0e5201 => ok 11=t303 | 10:1/2 10:2/2
            front=true => ok 11=t304 | 10:1/2 10:2/2
            explicit number and client-chosen prompt_id (any => ok 11=t305 | 10:1/2 10:2/2
            dup-id => ok 11=t311 | 10:1/3 10:2/3 10:3/3
            same prompt_id again: accepted, queued a second => ok 11=t311 | 10:1/3 10:2/3 10:3/3
            29f433c4 => ok 11=t320 | 10:1/20 10:2/20 10:3/20 10:4/20 10:5/20 10:6/20 10:7/20 10:20/20
            35bef322 => no end
            21417022 => no end
            """,
        ["i1_reconnect_midrun"] = """
            119ef1d9 => ok 11=t401 | 10:1/20 10:2/20 10:3/20 10:4/20 10:5/20 10:10/20 10:11/20 10:12/20 10:13/20 10:20/20
            """,
        ["i2_second_socket_same_id"] = """
            f33e0630 => ok 11=t411 | 10:1/3 10:3/3
            after the old socket closed: nothing reaches s#2 => ok 11=t412
            """,
        ["i3_no_client_id"] = """
            3865895e => no end
            client_id = the sid the server gave => ok 11=t422 | 10:1/3 10:3/3
            client_id inside extra_data works too => ok 11=t423 | 10:1/3 10:3/3
            """,
        ["i4_late_connect"] = """
            b58271ac => ok 11=t431 | 10:5/10 10:6/10 10:7/10 10:8/10 10:9/10 10:10/10
            """,
        ["j_kill_restart"] = """
            completes before the kill => ok 4=a_00003_.png 5=ComfyUI_temp_pqlbi_00001_.png 6=hello | 3:1/2 3:2/2
            17f28394 => no end
            bf5c58e5 => no end
            same prompt as before the kill: nothing cached, => ok 4=a_00004_.png 5=ComfyUI_temp_knpft_00001_.png 6=hello | 3:1/2 3:2/2
            3079dc8c => no end
            """,
        ["k_bad_requests"] = """
            malformed JSON => http 500
            empty body => http 500
            content type is not checked => refused prompt_no_outputs
            Origin differs from loopback Host: 403 => http 403
            900 kB prompt, under the 1 MB limit => no end
            1.2 MB prompt, over the limit (the upload limit => http 413
            1501 nodes => no end
            """,
        ["n_stalled_reader"] = """
            the client 'stalled' reads nothing from now on => ok 2=big
            client-y's own prompt, next in the queue => ok 11=t700 | 10:1/3 10:3/3
            """,
        ["o_odd_ids"] = """
            prompt_id null becomes the text None => ok 11=t7929 | 10:1/2 10:2/2
            prompt_id a number becomes text => ok 11=t2057 | 10:1/2 10:2/2
            prompt_id empty => ok 11=t1343 | 10:1/2 10:2/2
            prompt_id with a slash => ok 11=t2195 | 10:1/2 10:2/2
            prompt_id longer and with spaces => ok 11=t5288 | 10:1/2 10:2/2
            number as numeric text => ok 11=t622 | 10:1/2 10:2/2
            number not numeric => http 500
            front and number: number wins => ok 11=t4742 | 10:1/2 10:2/2
            client_id empty string: not None, so nothing is => ok 11=t9414
            client_id null: as if left out => no end
            client_id number => no end
            extra_data null => http 500
            """,
    };

    /// <summary>The recordings in which prompts are submitted.</summary>
    public static IReadOnlyCollection<string> Recordings => Ends.Keys;

    /// <summary>One title and end for each submission, in order.</summary>
    public static IReadOnlyList<(string Title, string End)> Of(string recording) =>
        [.. Ends[recording].Split('\n').Select(line => line.Split(" => ")).Select(parts => (parts[0], parts[1]))];
}
