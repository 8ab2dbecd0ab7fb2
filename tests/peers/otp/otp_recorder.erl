%% One process per case that writes down what happens, in one order, and knows
%% who is to fail or to die when somebody is started.
-module(otp_recorder).
-export([start/1, ask/2]).

%% Returns the case with its recorder in it.
start(Case) ->
    Case#{recorder => spawn_link(fun() -> recorder(new_book(Case)) end)}.

ask(#{recorder := Recorder}, Request) ->
    Tag = make_ref(),
    Recorder ! {self(), Tag, Request},
    receive {Tag, Reply} -> Reply end.

%% about: the case. lines: latest first. pids: of the latest incarnation of each
%% id. monitors: of all who are up, and what to write down when they are dead.
%% starting: ids of supervisors that are being started.
new_book(Case) ->
    #{about => Case, lines => [], pids => #{}, monitors => #{},
      starting => [], failures => #{}, ignored => #{}, traps => []}.

recorder(Book) ->
    receive
        {From, Tag, Request} ->
            {Reply, Next} = record(Request, note_dead(Book)),
            From ! {Tag, Reply},
            recorder(Next)
    end.

%% Writes down who is dead and did not say so, in the order in which they died:
%% supervisors, and workers that were killed by theirs.
note_dead(#{monitors := Monitors} = Book) ->
    Dead = [Id || {Pid, _, Id} <- maps:values(Monitors),
                  not is_process_alive(Pid)],
    case Dead of
        [] ->
            Book;
        _ ->
            receive
                {'DOWN', Monitor, process, _, Reason}
                  when is_map_key(Monitor, Monitors) ->
                    {{_, What, Id}, Rest} = maps:take(Monitor, Monitors),
                    Line = {What, Id, otp_cases:class_of(Reason)},
                    note_dead(add(Line, Book#{monitors := Rest}))
            end
    end.

watch(Pid, What, Id, #{pids := Pids, monitors := Monitors} = Book) ->
    Monitor = monitor(process, Pid),
    Book#{pids := Pids#{Id => Pid},
          monitors := Monitors#{Monitor => {Pid, What, Id}}}.

forget(Id, #{monitors := Monitors} = Book) ->
    Rest = maps:filter(fun(Monitor, {_, stop, I}) when I =:= Id ->
                               not demonitor(Monitor, [flush]);
                          (_, _) ->
                               true
                       end, Monitors),
    Book#{monitors := Rest}.

add(Line, #{lines := Lines} = Book) -> Book#{lines := [Line | Lines]}.

%% ---------------------------------------------------------------------------
%% Requests
%% ---------------------------------------------------------------------------

record({add, Line}, Book) ->
    {ok, add(Line, Book)};
record({report, What, Id}, #{lines := Lines} = Book) ->
    {ok, add({report, word_for(What, Id, Lines), Id}, Book)};
record(count, #{lines := Lines} = Book) ->
    {length(Lines), Book};
record(history, #{lines := Lines} = Book) ->
    {lists:reverse(Lines), Book};
record({latest, Id}, #{pids := Pids} = Book) ->
    {maps:get(Id, Pids, none), Book};
record({alive, Id}, Book) ->
    {alive(Id, Book), Book};
record(names, #{pids := Pids} = Book) ->
    {maps:from_list([{Pid, Id} || {Id, Pid} <- maps:to_list(Pids)]), Book};
record({fail_start, Id, Times}, #{failures := Failures} = Book) ->
    Sum = Times + maps:get(Id, Failures, 0),
    {ok, Book#{failures := Failures#{Id => Sum}}};
record({ignore_start, Id, Times}, #{ignored := Ignored} = Book) ->
    Sum = Times + maps:get(Id, Ignored, 0),
    {ok, Book#{ignored := Ignored#{Id => Sum}}};
record({stopped, Id, Class}, Book) ->
    {ok, add({stop, Id, Class}, forget(Id, Book))};
record({set_trap, Other, Trap}, #{traps := Traps} = Book) ->
    {ok, Book#{traps := Traps ++ [{Other, Trap}]}};
record({die, Id, Class}, Book) ->
    case die(Id, Class, Book) of
        {none, Same} -> {noproc, Same};
        {_, Next} -> {ok, Next}
    end;
record({attempt, Id}, Book) ->
    {Dead, Next} = spring_traps(Id, Book),
    {Answer, Last} = may_start(Id, Next),
    {{Answer, Dead}, Last};
record({worker_up, Id, Pid}, Book) ->
    {ok, add({start, Id}, watch(Pid, stop, Id, Book))};
record({supervisor_up, Id, Pid}, #{starting := Starting} = Book) ->
    {ok, add({start, Id},
             watch(Pid, sup_down, Id,
                   Book#{starting := lists:delete(Id, Starting)}))};
record({start_failed, How, Id}, #{starting := Starting} = Book) ->
    {ok, add({How, Id}, Book#{starting := lists:delete(Id, Starting)})}.

%% A child that had ended by itself when it was to stop has failed, whatever
%% OTP calls it.
word_for(shutdown_error, Id, Lines) ->
    Ends = [What || {What, I, _} <- Lines, I =:= Id, What =/= report],
    case Ends of
        ['end' | _] -> child_terminated;
        _ -> shutdown_error
    end;
word_for(What, _, _) ->
    What.

alive(Id, #{pids := Pids}) ->
    case Pids of
        #{Id := Pid} ->
            case is_process_alive(Pid) of
                true -> Pid;
                false -> none
            end;
        _ ->
            none
    end.

%% ---------------------------------------------------------------------------
%% Deaths and failures
%% ---------------------------------------------------------------------------

%% Ends a worker and returns its process id once it is dead, or none.
die(Id, Class, Book) ->
    case alive(Id, Book) of
        none ->
            {none, Book};
        Pid ->
            Monitor = monitor(process, Pid),
            case Class of
                kill -> exit(Pid, kill);
                _ -> Pid ! {die, otp_cases:reason_for(Class)}
            end,
            receive {'DOWN', Monitor, process, Pid, _} -> ok end,
            {Pid, add({'end', Id, Class}, forget(Id, Book))}
    end.

%% A supervisor that is being started springs no traps.
spring_traps(Id, #{about := Case, traps := Traps} = Book) ->
    Parent = otp_cases:parent_of(Id, Case),
    case lists:member(Parent, maps:get(starting, Book)) of
        true ->
            {[], Book};
        false ->
            {Set, Rest} = lists:partition(fun({O, _}) -> O =:= Id end, Traps),
            lists:foldl(fun({_, {Worker, Class}}, {Dead, Before}) ->
                                {Pid, Next} = die(Worker, Class, Before),
                                {[Pid || Pid =/= none] ++ Dead, Next}
                        end, {[], Book#{traps := Rest}}, Set)
    end.

may_start(Id, Book) ->
    #{about := Case, failures := Failures, ignored := Ignored,
      starting := Starting} = Book,
    case {maps:get(Id, Ignored, 0), maps:get(Id, Failures, 0),
          otp_cases:find_node(Id, Case)} of
        {0, 0, #{kind := supervisor}} ->
            {ok, Book#{starting := [Id | Starting]}};
        {0, 0, _} ->
            {ok, Book};
        {0, Left, _} ->
            {failed, add({start_failed, Id},
                         Book#{failures := Failures#{Id := Left - 1}})};
        {Left, _, _} ->
            {ignored, add({ignored, Id},
                          Book#{ignored := Ignored#{Id := Left - 1}})}
    end.
